import {noOuterScale, outerScale} from "../kernels/reference/block-scales.js";
import {type BlockResult, quantizeBlocks, type Shape} from "../kernels/reference/blocks.js";
import {quantize} from "../kernels/reference/quantize.js";
import type {MatrixQuantizer} from "./matrix-quantizer.js";
import {blockShape} from "./scaling.js";

/** What `quantizeMatrix` does, readable and slow, with the elements and scales that the values consist of. */
export function quantizeMatrixReference(
  quantizer: MatrixQuantizer,
  x: Float32Array,
  matrix: Shape,
): BlockResult {
  const {element, scaling, scaleConstants} = quantizer;
  const {format, rounding, policy} = element;
  const amaxOf = (row: number): number =>
    largestMagnitude(
      scaling.outer === "row" ? x.subarray(row * matrix.columns, (row + 1) * matrix.columns) : x,
    );
  const cast = (elements: Float32Array): Float32Array => {
    const out = new Float32Array(elements.length);
    quantize(elements, out, format, {rounding, policy});
    return out;
  };
  const {outer: level, fourOverSix, bound} = scaling;
  const amaxes = Array.from({length: matrix.rows}, (_, row) =>
    level === "none" || (level === "tensor" && row > 0) ? 0 : amaxOf(row),
  );
  const outerAmax = (row: number): number => amaxes[level === "row" ? row : 0];
  return quantizeBlocks(x, matrix, blockShape(scaling, matrix), scaleConstants, cast, {
    outer: level === "none" ? () => noOuterScale : (row) => outerScale(outerAmax(row), scaleConstants, bound),
    fourOverSix:
      fourOverSix === "none" ? undefined : (row) => ({error: fourOverSix, outerAmax: outerAmax(row), bound}),
  });
}

const largestMagnitude = (x: Float32Array): number =>
  x.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
