import {everything, multiplyRegion} from "./products";

/**
 * C(m×n) = alpha·op(A)·op(B), or C += op(A)·op(B) with accumulate (alpha must then be 1).
 * op(A) is m×k, op(B) is k×n; lda, ldb and ldc are the row strides, in elements, of the matrices as stored.
 * Every element of C is the sum over k in ascending order, starting from the stored C or from 0, of products rounded
 * before they are added; alpha multiplies the finished sum. The result does not depend on tiling or blocking.
 * Products of two transposed matrices are not supported.
 */
export function gemm(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, alpha: f32, accumulate: i32,
): void {
  multiplyRegion(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, alpha, accumulate, everything, 0);
}
