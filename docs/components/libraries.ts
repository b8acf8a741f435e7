/** What readers want to know of a library or specification besides its preset. */
export interface Library {
  readonly title: string;
  readonly url: string;
}

/** Libraries and specifications with a preset, by its name, in the order in which they are shown. */
export const libraries: Readonly<Record<string, Library>> = {
  ml_dtypes: {
    title: "ml_dtypes",
    url: "https://github.com/jax-ml/ml_dtypes",
  },
  ocp: {
    title: "OCP",
    url: "https://www.opencompute.org/documents/ocp-8-bit-floating-point-specification-ofp8-revision-1-0-2023-12-01-pdf-1",
  },
  "ocp-saturate": {
    title: "OCP (saturating)",
    url: "https://www.opencompute.org/documents/ocp-8-bit-floating-point-specification-ofp8-revision-1-0-2023-12-01-pdf-1",
  },
  onnx: {
    title: "ONNX",
    url: "https://onnx.ai/onnx/technical/float8.html",
  },
  "onnx-nonsaturating": {
    title: "ONNX (saturate=0)",
    url: "https://onnx.ai/onnx/technical/float8.html",
  },
  torch: {
    title: "PyTorch",
    url: "https://github.com/pytorch/pytorch/issues/178817",
  },
  "torch-old": {
    title: "PyTorch (older)",
    url: "https://github.com/pytorch/ao/issues/1912",
  },
  "transformer-engine": {
    title: "TransformerEngine",
    url: "https://github.com/NVIDIA/TransformerEngine",
  },
  microxcaling: {
    title: "microxcaling",
    url: "https://github.com/microsoft/microxcaling",
  },
  "unit-scaling": {
    title: "unit-scaling",
    url: "https://github.com/graphcore-research/unit-scaling",
  },
  gfloat: {
    title: "gfloat",
    url: "https://github.com/graphcore-research/gfloat",
  },
  "gfloat-saturate": {
    title: "gfloat (sat=True)",
    url: "https://github.com/graphcore-research/gfloat",
  },
  chop: {title: "chop", url: "https://github.com/higham/chop"},
};
