import type {Shape} from "./blocks.js";

const {fround} = Math;

/** c = ((p · r) · s) · factor, or c = (c + (p · r) · s) · factor: a scale r for each row and one s for each column. */
export function scaleProduct(
  p: Float32Array,
  [rowScales, columnScales]: readonly [rows: Float32Array, columns: Float32Array],
  c: Float32Array,
  {rows, columns}: Shape,
  {factor, accumulate}: {factor: number; accumulate: boolean},
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      const scaled = fround(fround(p[at] * rowScales[i]) * columnScales[j]);
      c[at] = (accumulate ? fround(c[at] + scaled) : scaled) * fround(factor);
    }
  }
}
