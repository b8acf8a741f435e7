import {multiplyScaled} from "./products";

/**
 * C(m×n) = ((op(A)·op(B))·r·s)·factor, or (C + (op(A)·op(B))·r·s)·factor with accumulate: a product as {@link gemm} has
 * it, with alpha 1 and from zero, of which `scaleProduct` takes the elements as they leave the registers. k from 1 to 512.
 */
export function scaledGemm(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, rowScales: usize, columnScales: usize,
  c: usize, ldc: i32, factor: f32, accumulate: i32,
): void {
  multiplyScaled(
    transposeA, transposeB, m, n, k, a, lda, b, ldb, rowScales, columnScales, c, ldc, factor, accumulate,
  );
}
