import type {Address, Kernels} from "../src/kernels/kernels.js";
import {hadamardTransform, transformerEngineSigns} from "../src/precision/hadamard.js";
import {matrixQuantizer} from "../src/precision/matrix-quantizer.js";
import {quantizeMatrix} from "../src/precision/quantize-matrix.js";
import {shownElements} from "./block-choices.js";
import {decibels} from "./block-losses.js";
import {generatedWeights} from "./generated-weights.js";

/** Error of one cast. */
export interface BlockSizeError {
  readonly data: "without outliers" | "with outliers";
  readonly element: string;
  /** Values that share a scale. */
  readonly size: number;
  /** Signal-to-noise ratio in decibels. */
  readonly ratio: number;
}

export interface BlockSizeErrorsOptions {
  /** What the scales of the blocks are. */
  readonly scales: string;
  readonly hasHadamard: boolean;
  /** Element formats; by default all that are shown. */
  readonly elements?: readonly string[];
}

export const blockSizes = [8, 16, 32, 64, 128, 256, 512, 1024] as const;

const rows = 48;
const columns = 1024;
/** One column in so many is an outlier. */
export const outlierEvery = 64;
const outliers = Array.from({length: columns / outlierEvery}, (_, i) => i * outlierEvery + 10);

/** Kinds of scale by choice: what readers call them, and their text after the shape of the block. */
export const scaleKinds: Readonly<Record<string, {readonly label: string; readonly text: string}>> = {
  e8m0: {label: "power of two, OCP's rule", text: "e8m0,floor"},
  rceil: {label: "power of two, rounded up", text: "e8m0,rceil"},
  fp32: {label: "float32", text: "fp32"},
  nvfp4: {label: "E4M3 and float32 (NVFP4)", text: "e4m3,two-level"},
  "four-over-six": {label: "four over six", text: "e4m3,two-level,four-over-six"},
};

/** The error of every element format at every block size, for normal values and for the same with outlying columns. */
export function blockSizeErrors(
  kernels: Kernels,
  {scales, hasHadamard, elements = elementsFor(scales)}: BlockSizeErrorsOptions,
): BlockSizeError[] {
  const mark = kernels.mark();
  const count = rows * columns;
  const [input, output] = [kernels.allocate(4 * count), kernels.allocate(4 * count)];
  const errors = ([[], outliers] as const).flatMap((planted) => {
    const {values} = generatedWeights(kernels, {rows, columns, outliers: planted});
    kernels.float32(input, count).set(values);
    // The transform is orthogonal: error and signal are the same on either side of it.
    if (hasHadamard) hadamardTransform(kernels, transformerEngineSigns, input, input, {rows, columns});
    const data = planted.length > 0 ? ("with outliers" as const) : ("without outliers" as const);
    return elements.flatMap((element) =>
      blockSizes.map((size) => {
        const quantizer = matrixQuantizer(element, `block:1x${size},${scaleKinds[scales].text}`);
        quantizeMatrix(kernels, quantizer, input, output, rows, columns);
        return {data, element, size, ratio: ratioOf(kernels, input, output, count)};
      }),
    );
  });
  kernels.release(mark);
  return errors;
}

/** Four over six is made for E2M1. */
const elementsFor = (scales: string): string[] =>
  scales === "four-over-six" ? ["e2m1"] : Object.keys(shownElements);

function ratioOf(kernels: Kernels, before: Address, after: Address, count: number): number {
  const [x, y] = [kernels.float32(before, count), kernels.float32(after, count)];
  let [signal, noise] = [0, 0];
  for (let i = 0; i < count; i++) {
    signal += x[i] * x[i];
    noise += (x[i] - y[i]) * (x[i] - y[i]);
  }
  return decibels(signal, noise);
}
