import {
  type BlockScale,
  blockScale,
  noOuterScale,
  type OuterScale,
  type ScaleConstants,
} from "./block-scales.js";
import {type FourOverSix, fourOverSixScale} from "./four-over-six.js";

/** A row-major matrix. */
export interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/** A matrix cast block by block. */
export interface BlockResult {
  /** (q · decode) · outer, row-major like the input. */
  readonly values: Float32Array;
  /** Element values q. */
  readonly elements: Float32Array;
  /** One for each block, row-major. */
  readonly scales: readonly BlockScale[];
}

export interface BlockOptions {
  /** The second level, of the row in which a block starts. */
  readonly outer?: (row: number) => OuterScale;
  readonly fourOverSix?: (row: number) => FourOverSix;
}

const {fround} = Math;

/** Blocks of a matrix, row-major; those at the right and lower edge may be smaller. */
export const blockGrid = (matrix: Shape, block: Shape): Shape => ({
  rows: Math.ceil(matrix.rows / block.rows),
  columns: Math.ceil(matrix.columns / block.columns),
});

/** The largest magnitude of each block, row-major; NaN where there is one. */
export function blockMagnitudes(x: Float32Array, matrix: Shape, block: Shape): Float32Array {
  const grid = blockGrid(matrix, block);
  const amaxes = new Float32Array(grid.rows * grid.columns);
  for (let i = 0; i < x.length; i++) {
    const at = blockOf(i, matrix, block, grid);
    amaxes[at] = Math.max(amaxes[at], Math.abs(x[i]));
  }
  return amaxes;
}

/**
 * Casts a matrix whose blocks have a scale each.
 * @param cast the elements, in the order of the matrix, to values of the element format
 */
export function quantizeBlocks(
  x: Float32Array,
  matrix: Shape,
  block: Shape,
  constants: ScaleConstants,
  cast: (elements: Float32Array) => Float32Array,
  {outer = () => noOuterScale, fourOverSix}: BlockOptions = {},
): BlockResult {
  const grid = blockGrid(matrix, block);
  const blockRow = (at: number) => Math.floor(at / grid.columns) * block.rows;
  const scales = [...blockMagnitudes(x, matrix, block)].map((amax, at) => {
    const row = blockRow(at);
    if (!fourOverSix) return blockScale(amax, constants, outer(row));
    const rows = rowsOfBlock(x, matrix, block, row, (at % grid.columns) * block.columns);
    return fourOverSixScale(rows, amax, constants, outer(row), fourOverSix(row));
  });

  const scaled = x.map((value, i) => {
    const {encode} = scales[blockOf(i, matrix, block, grid)];
    return constants.chain === "divide" ? value / encode : value * encode;
  });
  const elements = cast(scaled);
  const values = elements.map((element, i) => {
    const at = blockOf(i, matrix, block, grid);
    return fround(element * scales[at].decode) * outer(blockRow(at)).decode;
  });
  return {values, elements, scales};
}

function blockOf(i: number, {columns}: Shape, block: Shape, grid: Shape): number {
  const row = Math.floor(Math.floor(i / columns) / block.rows);
  return row * grid.columns + Math.floor((i % columns) / block.columns);
}

/** The rows of one block, zeros beyond the matrix. */
function rowsOfBlock(
  x: Float32Array,
  matrix: Shape,
  block: Shape,
  row: number,
  column: number,
): Float32Array[] {
  return Array.from({length: block.rows}, (_, i) => {
    const values = new Float32Array(block.columns);
    const start = (row + i) * matrix.columns;
    const end = Math.min(column + block.columns, matrix.columns);
    if (row + i < matrix.rows) values.set(x.subarray(start + column, start + end));
    return values;
  });
}
