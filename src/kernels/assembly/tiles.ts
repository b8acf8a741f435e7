// The register tiles of matrix multiplication: two rows of C by up to twenty columns, accumulated strictly in k order
// with a multiplication followed by an addition.
//
// V8 has fifteen vector registers to give: ten accumulators, two broadcasts of A, a vector of B and a product leave
// one. So the factor waits in memory, and k is not unrolled; either would spill accumulators. V8 also arranges the
// arithmetic of the loop in the reverse order of the stores behind it, so the stores run backwards to keep each
// vector of B next to its use. And it spends an instruction on a pointer that was not computed in the loop, so
// pointers advance before they are used.

/** What the next tile multiplies its finished sums by. */
export const tileFactor = memory.data(4, 4);

/**
 * C[2 × 4·vectors] = tileFactor·(start + op(A)[2 × k]·B[k × 4·vectors]), start being the stored C or zero.
 * Element (i, p) of op(A) lies at a + i·rowStride + p·kStride, row p of B at b + 16·vectors·p, row i of C at
 * c + i·strideC; all strides in bytes.
 */
@inline
function tile(
  vectors: i32, k: i32, a: usize, rowStride: usize, kStride: usize, b: usize,
  c: usize, strideC: usize, accumulate: bool,
): void {
  const c1 = c + strideC, strideB: usize = vectors << 4;
  let s00 = f32x4.splat(0), s01 = s00, s02 = s00, s03 = s00, s04 = s00;
  let s10 = s00, s11 = s00, s12 = s00, s13 = s00, s14 = s00;
  if (accumulate) {
    s00 = v128.load(c);
    s10 = v128.load(c1);
    if (vectors > 1) {
      s01 = v128.load(c, 16);
      s11 = v128.load(c1, 16);
    }
    if (vectors > 2) {
      s02 = v128.load(c, 32);
      s12 = v128.load(c1, 32);
    }
    if (vectors > 3) {
      s03 = v128.load(c, 48);
      s13 = v128.load(c1, 48);
    }
    if (vectors > 4) {
      s04 = v128.load(c, 64);
      s14 = v128.load(c1, 64);
    }
  }
  let a0 = a - kStride, a1 = a0 + rowStride;
  b -= strideB;
  const last = b + <usize>k * strideB;
  while (b < last) {
    a0 += kStride;
    const x0 = v128.load32_splat(a0);
    a1 += kStride;
    const x1 = v128.load32_splat(a1);
    b += strideB;
    let y = v128.load(b);
    s00 = f32x4.add(s00, f32x4.mul(x0, y));
    s10 = f32x4.add(s10, f32x4.mul(x1, y));
    if (vectors > 1) {
      y = v128.load(b, 16);
      s01 = f32x4.add(s01, f32x4.mul(x0, y));
      s11 = f32x4.add(s11, f32x4.mul(x1, y));
    }
    if (vectors > 2) {
      y = v128.load(b, 32);
      s02 = f32x4.add(s02, f32x4.mul(x0, y));
      s12 = f32x4.add(s12, f32x4.mul(x1, y));
    }
    if (vectors > 3) {
      y = v128.load(b, 48);
      s03 = f32x4.add(s03, f32x4.mul(x0, y));
      s13 = f32x4.add(s13, f32x4.mul(x1, y));
    }
    if (vectors > 4) {
      y = v128.load(b, 64);
      s04 = f32x4.add(s04, f32x4.mul(x0, y));
      s14 = f32x4.add(s14, f32x4.mul(x1, y));
    }
  }
  const factor = v128.load32_splat(tileFactor);
  if (vectors > 4) {
    v128.store(c1, f32x4.mul(factor, s14), 64);
    v128.store(c, f32x4.mul(factor, s04), 64);
  }
  if (vectors > 3) {
    v128.store(c1, f32x4.mul(factor, s13), 48);
    v128.store(c, f32x4.mul(factor, s03), 48);
  }
  if (vectors > 2) {
    v128.store(c1, f32x4.mul(factor, s12), 32);
    v128.store(c, f32x4.mul(factor, s02), 32);
  }
  if (vectors > 1) {
    v128.store(c1, f32x4.mul(factor, s11), 16);
    v128.store(c, f32x4.mul(factor, s01), 16);
  }
  v128.store(c1, f32x4.mul(factor, s10));
  v128.store(c, f32x4.mul(factor, s00));
}

export function oneVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile(1, k, a, rowStride, kStride, b, c, strideC, accumulate);
}

export function twoVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile(2, k, a, rowStride, kStride, b, c, strideC, accumulate);
}

export function threeVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile(3, k, a, rowStride, kStride, b, c, strideC, accumulate);
}

export function fourVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile(4, k, a, rowStride, kStride, b, c, strideC, accumulate);
}

export function fiveVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile(5, k, a, rowStride, kStride, b, c, strideC, accumulate);
}
