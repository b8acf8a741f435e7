import {formatProperties} from "../src/formats/derived.js";
import type {Format} from "../src/formats/format.js";
import {type BlockScale, noOuterScale, type OuterScale} from "../src/kernels/reference/block-scales.js";
import {blockGrid, type Shape} from "../src/kernels/reference/blocks.js";
import {type MatrixQuantizer, matrixQuantizer} from "../src/precision/matrix-quantizer.js";
import {quantizeMatrixReference} from "../src/precision/matrix-reference.js";
import {blockShape} from "../src/precision/scaling.js";
import {type CastPair, type Losses, lossesOf} from "./block-losses.js";
import type {Matrix} from "./matrix-data.js";
import type {Region} from "./matrix-picture.js";

/** A matrix cast block by block, with everything that is stored for it. */
export interface BlockCast {
  readonly matrix: Matrix;
  readonly quantizer: MatrixQuantizer;
  readonly element: Format;
  /** Rows and columns of a block, and how many blocks there are in each direction. */
  readonly block: Shape;
  readonly grid: Shape;
  /** Values after the cast, and the element values that are stored. */
  readonly values: Float32Array;
  readonly elements: Float32Array;
  /** One for each block, row by row. */
  readonly scales: readonly BlockScale[];
  /** The second level: one for the whole matrix. */
  readonly outer: OuterScale;
}

/** Casts with the readable twin of the kernels, which gives the same bits and keeps codes and scales. */
export function blockCast(matrix: Matrix, format: string, scaling: string): BlockCast {
  const quantizer = matrixQuantizer(format, scaling);
  const {values, elements, scales, outer} = quantizeMatrixReference(quantizer, matrix.values, matrix);
  const block = blockShape(quantizer.scaling, matrix);
  return {
    matrix,
    quantizer,
    element: quantizer.element.format,
    block,
    grid: blockGrid(matrix, block),
    values,
    elements,
    scales,
    outer: outer[0] ?? noOuterScale,
  };
}

/** The block that an element belongs to, by its place among the blocks. */
export const blockAt = ({block, grid}: BlockCast, row: number, column: number): number =>
  Math.floor(row / block.rows) * grid.columns + Math.floor(column / block.columns);

export function regionOf({matrix, block, grid}: BlockCast, index: number): Region {
  const row = Math.floor(index / grid.columns) * block.rows;
  const column = (index % grid.columns) * block.columns;
  return {
    row,
    column,
    rows: Math.min(block.rows, matrix.rows - row),
    columns: Math.min(block.columns, matrix.columns - column),
  };
}

/** Indices of the elements of a region, row by row. */
export function* indicesOf({columns}: Matrix, region: Region): Generator<number> {
  for (let row = region.row; row < region.row + region.rows; row++) {
    for (let column = region.column; column < region.column + region.columns; column++)
      yield row * columns + column;
  }
}

/** What one block lost; without an index, what all did. */
export function blockLosses(cast: BlockCast, index?: number): Losses {
  const {matrix, element, scales, outer} = cast;
  const {largest} = formatProperties(element);
  const pair: CastPair = {
    before: matrix.values,
    after: cast.values,
    limitOf: (i) => {
      const at = blockAt(cast, Math.floor(i / matrix.columns), i % matrix.columns);
      // A scale is rounded, so that the maximum may lie beyond the largest value by as little.
      return largest * scales[at].decode * outer.decode * (1 + 2 ** -20);
    },
  };
  const all = {row: 0, column: 0, rows: matrix.rows, columns: matrix.columns};
  return lossesOf(pair, indicesOf(matrix, index === undefined ? all : regionOf(cast, index)));
}

/** Stored bits for each value: its code, and its part of the scales. */
export function bitsPerValue({matrix, quantizer, element, scales}: BlockCast): number {
  const {scaleFormat, outer} = quantizer.scaling;
  const scaleBits = scaleFormat === "fp32" || scaleFormat === "pow2" ? 32 : 8;
  const outerBits = outer === "none" ? 0 : 32;
  const elements = matrix.rows * matrix.columns;
  return formatProperties(element).bits + (scales.length * scaleBits + outerBits) / elements;
}
