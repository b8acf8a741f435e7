import {type PresetName, presets} from "../src/formats/preset.js";

/** What readers want to know of a library or specification besides its preset. */
export interface Library {
  readonly title: string;
  readonly url: string;
  /** The formats that it can be asked for, in our words. */
  readonly formats: readonly string[];
}

const fp8 = ["e4m3", "e4m3fn", "e5m2"];
const fnuz = ["e4m3fnuz", "e5m2fnuz"];
const small = ["e3m2", "e2m3", "e2m1"];
const wide = ["bf16", "fp16"];

/** Libraries and specifications with a preset, by its name, in the order in which they are shown. */
export const libraries: Readonly<Record<string, Library>> = {
  ml_dtypes: {
    title: "ml_dtypes",
    url: "https://github.com/jax-ml/ml_dtypes",
    formats: [...fp8, ...fnuz, ...small, ...wide, "e8m0"],
  },
  ocp: {
    title: "OCP",
    url: "https://www.opencompute.org/documents/ocp-8-bit-floating-point-specification-ofp8-revision-1-0-2023-12-01-pdf-1",
    formats: [...fp8, ...small, "e8m0"],
  },
  "ocp-saturate": {
    title: "OCP (saturating)",
    url: "https://www.opencompute.org/documents/ocp-8-bit-floating-point-specification-ofp8-revision-1-0-2023-12-01-pdf-1",
    formats: [...fp8, ...small, "e8m0"],
  },
  onnx: {
    title: "ONNX",
    url: "https://onnx.ai/onnx/technical/float8.html",
    formats: ["e4m3fn", "e5m2", ...fnuz, "e2m1", ...wide, "e8m0"],
  },
  "onnx-nonsaturating": {
    title: "ONNX (saturate=0)",
    url: "https://onnx.ai/onnx/technical/float8.html",
    formats: ["e4m3fn", "e5m2", ...fnuz],
  },
  torch: {
    title: "PyTorch",
    url: "https://github.com/pytorch/pytorch/issues/178817",
    formats: ["e4m3fn", "e5m2", ...fnuz, ...wide, "e8m0"],
  },
  "torch-old": {
    title: "PyTorch (older)",
    url: "https://github.com/pytorch/ao/issues/1912",
    formats: ["e4m3fn", "e5m2", ...fnuz, ...wide, "e8m0"],
  },
  "transformer-engine": {
    title: "TransformerEngine",
    url: "https://github.com/NVIDIA/TransformerEngine",
    formats: [...fp8, "e2m1", ...wide, "e8m0"],
  },
  microxcaling: {
    title: "microxcaling",
    url: "https://github.com/microsoft/microxcaling",
    formats: [...fp8, ...small, ...wide],
  },
  "unit-scaling": {
    title: "unit-scaling",
    url: "https://github.com/graphcore-research/unit-scaling",
    formats: ["e4m3", "e5m2"],
  },
  gfloat: {
    title: "gfloat",
    url: "https://github.com/graphcore-research/gfloat",
    formats: [...fp8, ...small, ...wide],
  },
  "gfloat-saturate": {
    title: "gfloat (sat=True)",
    url: "https://github.com/graphcore-research/gfloat",
    formats: [...fp8, ...small, ...wide],
  },
  chop: {title: "chop", url: "https://github.com/higham/chop", formats: ["e4m3", "e5m2", ...wide]},
};

export const libraryNames = Object.keys(libraries).filter((name): name is PresetName =>
  Object.hasOwn(presets, name),
);
