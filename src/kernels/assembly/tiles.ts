// The register tiles of matrix multiplication: five or four rows of C by eight columns, accumulated strictly in k
// order with a multiplication followed by an addition.
//
// V8 has fifteen vector registers to give: ten accumulators, two vectors of B, one broadcast of A and one product
// leave one. A scalar factor held across the loop, or k unrolled, would spill accumulators and halve the speed. V8
// also arranges the arithmetic of the loop in the reverse order of the stores behind it, so the stores run backwards
// to keep each broadcast next to its use.

/** What the next tile multiplies its finished sums by. */
export const tileFactor = memory.data(4, 4);

/**
 * C[rows × 8] = tileFactor·(start + op(A)[rows × k]·B[k × 8]), start being the stored C or zero.
 * Element (i, p) of op(A) lies at a + i·rowStride + p·kStride, row p of B at b + 32·p, row i of C at c + i·strideC;
 * all strides in bytes.
 */
@inline
function tile(
  rows: i32, k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  const c1 = c + strideC, c2 = c1 + strideC, c3 = c2 + strideC, c4 = c3 + strideC;
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  let s40 = s00, s41 = s00;
  if (accumulate) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
    if (rows == 5) {
      s40 = v128.load(c4);
      s41 = v128.load(c4, 16);
    }
  }
  let a0 = a - kStride, a1 = a0 + rowStride, a2 = a1 + rowStride, a3 = a2 + rowStride, a4 = a3 + rowStride;
  b -= 32;
  const last = b + (<usize>k << 5);
  while (b < last) {
    b += 32;
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    a0 += kStride;
    let x = v128.load32_splat(a0);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    a1 += kStride;
    x = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    a2 += kStride;
    x = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    a3 += kStride;
    x = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    if (rows == 5) {
      a4 += kStride;
      x = v128.load32_splat(a4);
      s40 = f32x4.add(s40, f32x4.mul(x, b0));
      s41 = f32x4.add(s41, f32x4.mul(x, b1));
    }
  }
  const factor = v128.load32_splat(tileFactor);
  if (rows == 5) {
    v128.store(c4, f32x4.mul(factor, s41), 16);
    v128.store(c4, f32x4.mul(factor, s40));
  }
  v128.store(c3, f32x4.mul(factor, s31), 16);
  v128.store(c3, f32x4.mul(factor, s30));
  v128.store(c2, f32x4.mul(factor, s21), 16);
  v128.store(c2, f32x4.mul(factor, s20));
  v128.store(c1, f32x4.mul(factor, s11), 16);
  v128.store(c1, f32x4.mul(factor, s10));
  v128.store(c, f32x4.mul(factor, s01), 16);
  v128.store(c, f32x4.mul(factor, s00));
}

export function fiveRowTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile(5, k, a, rowStride, kStride, b, c, strideC, accumulate);
}

export function fourRowTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile(4, k, a, rowStride, kStride, b, c, strideC, accumulate);
}
