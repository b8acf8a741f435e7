import {caster} from "../formats/cast.js";
import {noOuterScale} from "../kernels/reference/block-scales.js";
import {blockGrid, type Shape} from "../kernels/reference/blocks.js";
import {sumOfMagnitudes} from "../kernels/reference/statistics.js";
import type {Direction} from "./apply-cast.js";
import type {MatrixQuantizer} from "./matrix-quantizer.js";
import {quantizeMatrixReference} from "./matrix-reference.js";
import {type Cast, isRandom} from "./parse-cast.js";
import {blockShape, meanScale, tensorScale} from "./scaling.js";

/** What `value` is rounded to at a place of a matrix. */
export type GridRounding = (value: number, row: number, column: number) => number;

/** The element to which a scaled value is rounded. */
type ElementCast = (x: number) => number;

const {fround} = Math;

/**
 * The grids that a cast gives the places of a matrix `x`: its scales are found once, from `x`, and any value can then be
 * rounded as if it stood at a place. The values of `x` become what `applyCast` makes of them, bit by bit; all others
 * are rounded to float32 first.
 *
 * @param x row-major
 * @param along where the product sums
 * @throws for casts that are not a matter of a value and its place: stochastic ones, Hadamard transforms, delayed scales
 */
export function gridRounding(cast: Cast, x: Float32Array, shape: Shape, along: Direction): GridRounding {
  const {scaling, hadamard, text} = cast;
  const {format, rounding, policy, bits} = cast.element;
  if (isRandom(cast) || hadamard || scaling.kind === "delayed") {
    throw new Error(`"${text}" does not round every value on its own`);
  }
  const element = caster(format, {rounding, policy, bits});
  if (scaling.kind === "blocks") return blockRounding(scaling.quantizer, element, x, shape, along);
  const scale = fround(scaleOf(cast, x));
  return (value) => fround(fround(element(fround(fround(value) * scale))) / scale);
}

/** What all values are multiplied by. */
function scaleOf({element, scaling}: Cast, x: Float32Array): number {
  if (scaling.kind === "constant") return scaling.scale;
  if (scaling.kind === "mean") return meanScale(sumOfMagnitudes(x), x.length);
  return tensorScale(element.largest, largestMagnitude(x));
}

const largestMagnitude = (x: Float32Array): number =>
  x.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

function blockRounding(
  quantizer: MatrixQuantizer,
  element: ElementCast,
  x: Float32Array,
  shape: Shape,
  along: Direction,
): GridRounding {
  const isTurned = along === "columns";
  const matrix = isTurned ? {rows: shape.columns, columns: shape.rows} : shape;
  const {scales, outer} = quantizeMatrixReference(quantizer, isTurned ? transposed(x, shape) : x, matrix);
  const block = blockShape(quantizer.scaling, matrix);
  const perRow = blockGrid(matrix, block).columns;
  const isByRow = quantizer.scaling.outer === "row";
  const divides = quantizer.scaleConstants.chain === "divide";
  const roundAt = (value: number, row: number, column: number) => {
    const at = Math.floor(row / block.rows) * perRow + Math.floor(column / block.columns);
    const {encode, decode} = scales[at];
    const single = fround(value);
    const scaled = fround(divides ? single / encode : single * encode);
    const {decode: outerDecode} = outer[isByRow ? row : 0] ?? noOuterScale;
    return fround(fround(fround(element(scaled)) * decode) * outerDecode);
  };
  return isTurned ? (value, row, column) => roundAt(value, column, row) : roundAt;
}

function transposed(x: Float32Array, {rows, columns}: Shape): Float32Array {
  const turned = new Float32Array(x.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = x[row * columns + column];
  }
  return turned;
}
