const {fround} = Math;

/** A row-major matrix: `stride` elements from one row to the next, `transposed` if its transpose is meant. */
export interface Matrix {
  readonly data: Float32Array;
  readonly stride: number;
  readonly transposed?: boolean;
}

const element = ({data, stride, transposed}: Matrix, row: number, column: number): number =>
  transposed ? data[column * stride + row] : data[row * stride + column];

/**
 * C = alpha·A·B, or C += A·B with `accumulate`: m×n sums over k in ascending order from the stored C or zero.
 * Each product is rounded to float32 before it is added.
 */
export function gemm(
  {m, n, k}: {m: number; n: number; k: number},
  a: Matrix,
  b: Matrix,
  c: Matrix,
  {alpha = 1, accumulate = false} = {},
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * c.stride + j;
      let sum = accumulate ? c.data[at] : 0;
      for (let p = 0; p < k; p++) sum = fround(sum + fround(element(a, i, p) * element(b, p, j)));
      c.data[at] = fround(fround(alpha) * sum);
    }
  }
}
