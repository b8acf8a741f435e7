import {isStochastic} from "../formats/rounding.js";
import {noOuterScale, type OuterScale, outerScale} from "../kernels/reference/block-scales.js";
import {type BlockResult, quantizeBlocks, type Shape} from "../kernels/reference/blocks.js";
import {quantize} from "../kernels/reference/quantize.js";
import type {MatrixQuantizer} from "./matrix-quantizer.js";
import {blockShape, constantOuterScale, type Scaling} from "./scaling.js";

const noWords = new Uint32Array(0);

/** What `quantizeMatrix` does, with the elements and scales that the values consist of. */
export interface MatrixResult extends BlockResult {
  /** The second level: one for each row, or one for the tensor, as a prescale is; empty where there is none. */
  readonly outer: readonly OuterScale[];
}

/** `quantizeMatrix`, readable and slow. */
export function quantizeMatrixReference(
  quantizer: MatrixQuantizer,
  x: Float32Array,
  matrix: Shape,
): MatrixResult {
  const {scaling, scaleConstants} = quantizer;
  const {fourOverSix: error, bound} = scaling;
  const amaxes = outerParts(scaling.outer, x, matrix).map(largestMagnitude);
  const outer =
    scaling.prescale === 1
      ? amaxes.map((amax) => outerScale(amax, scaleConstants, bound))
      : [constantOuterScale(scaling)];
  const at = (row: number): number => (scaling.outer === "row" ? row : 0);
  const result = quantizeBlocks(
    x,
    matrix,
    blockShape(scaling, matrix),
    scaleConstants,
    elementCast(quantizer),
    {
      outer: (row) => outer[at(row)] ?? noOuterScale,
      fourOverSix: error === "none" ? undefined : (row) => ({error, outerAmax: amaxes[at(row)], bound}),
    },
  );
  return {...result, outer};
}

/** What shares an outer scale. */
function outerParts(outer: Scaling["outer"], x: Float32Array, {rows, columns}: Shape): Float32Array[] {
  if (outer === "none") return [];
  if (outer === "tensor") return [x];
  return Array.from({length: rows}, (_, row) => x.subarray(row * columns, (row + 1) * columns));
}

function elementCast({element}: MatrixQuantizer): (elements: Float32Array) => Float32Array {
  const {format, rounding, policy, bits} = element;
  const random = isStochastic(rounding) ? element.random : noWords;
  return (elements) => {
    const out = new Float32Array(elements.length);
    quantize(elements, out, format, {rounding, policy, bits, random});
    return out;
  };
}

const largestMagnitude = (x: Float32Array): number =>
  x.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
