import {multiplyScaled} from "./products";

/**
 * C(m×n) = factor·Σ (op(A)·op(B))·r·s, or factor·(C + Σ …) with accumulate, over parts of the sum with `part` products
 * each, the last one with what is left: of each part a product as {@link gemm} has it, with alpha 1 and from zero, whose
 * elements `scaleProduct` takes as they leave the registers. `rowScales` are m for each part, `columnScales` n. k from 1
 * to 512.
 */
export function scaledGemm(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, part: i32, rowScales: usize, columnScales: usize,
  c: usize, ldc: i32, factor: f32, accumulate: i32,
): void {
  multiplyScaled(
    transposeA, transposeB, m, n, k, a, lda, b, ldb, part, rowScales, columnScales, c, ldc, factor, accumulate,
  );
}
