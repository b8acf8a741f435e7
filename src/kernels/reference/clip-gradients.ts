import {blockGrid, type Shape} from "./blocks.js";

/** gradient = 0 where |x| is beyond the limit of its block, else as it was; limits row-major. */
export function clipGradients(
  gradient: Float32Array,
  x: Float32Array,
  matrix: Shape,
  block: Shape,
  limits: Float32Array,
): void {
  const grid = blockGrid(matrix, block);
  for (let i = 0; i < x.length; i++) {
    const [row, column] = [Math.floor(i / matrix.columns), i % matrix.columns];
    const at = Math.floor(row / block.rows) * grid.columns + Math.floor(column / block.columns);
    if (Math.abs(x[i]) > limits[at]) gradient[i] = 0;
  }
}
