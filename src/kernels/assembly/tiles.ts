// The register tiles of matrix multiplication: two rows of C by up to twenty columns, or four by eight, accumulated
// strictly in k order with a multiplication followed by an addition.
//
// V8 has fifteen vector registers to give: ten accumulators, two broadcasts of A, a vector of B and a product leave
// one, so the factor waits in memory. A round of the loop adds four products to each sum. Three are behind conditions,
// which only the first round fails to meet, unless k is a multiple of four: V8 loads everything that a block of straight
// code needs before it computes anything, and without the conditions that would be too much for the registers. It also
// arranges the arithmetic of a block in the reverse order of the stores behind it, so the stores run backwards to keep
// each vector of B next to its use. And it spends an instruction on a pointer that was not computed in the loop, so
// pointers advance before they are used.

/** What the next tile multiplies its finished sums by. */
export const tileFactor = memory.data(4, 4);

/** The vectors of a tile's row; their number has to be a type, because it decides constant distances in memory. */
@unmanaged class One { first: v128 }
@unmanaged class Two extends One { second: v128 }
@unmanaged class Three extends Two { third: v128 }
@unmanaged class Four extends Three { fourth: v128 }
@unmanaged class Five extends Four { fifth: v128 }

/**
 * C[2 × columns] = tileFactor·(start + op(A)[2 × k]·B[k × columns]), start being the stored C or zero, for four columns
 * in each vector of V. Element (i, p) of op(A) lies at a + i·rowStride + p·kStride, rows of B follow each other, row
 * i of C is at c + i·strideC; all strides in bytes. With `isScaled`, a constant, the product has scales: see
 * `oneVectorScaledTile`.
 */
@inline
function tile<V>(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize,
  c: usize, strideC: usize, accumulate: bool, isScaled: bool = false, rowScales: usize = 0, columnScales: usize = 0,
): void {
  const c1 = c + strideC, width = offsetof<V>();
  let s00 = f32x4.splat(0), s01 = s00, s02 = s00, s03 = s00, s04 = s00;
  let s10 = s00, s11 = s00, s12 = s00, s13 = s00, s14 = s00;
  if (accumulate && !isScaled) {
    s00 = v128.load(c);
    s10 = v128.load(c1);
    if (width > 16) {
      s01 = v128.load(c, 16);
      s11 = v128.load(c1, 16);
    }
    if (width > 32) {
      s02 = v128.load(c, 32);
      s12 = v128.load(c1, 32);
    }
    if (width > 48) {
      s03 = v128.load(c, 48);
      s13 = v128.load(c1, 48);
    }
    if (width > 64) {
      s04 = v128.load(c, 64);
      s14 = v128.load(c1, 64);
    }
  }
  const first0 = b, first1 = b - width, first2 = first1 - width, last = b + <usize>(k - 4) * width;
  const missing = <usize>(-k & 3);
  let a0 = a - (1 + missing) * kStride, a1 = a0 + rowStride, x0: v128, x1: v128, y: v128;
  b -= (4 + missing) * width;
  while (b < last) {
    b += width << 2;
    a0 += kStride;
    a1 += kStride;
    if (b >= first0) {
      x0 = v128.load32_splat(a0);
      x1 = v128.load32_splat(a1);
      y = v128.load(b); s00 = add(s00, x0, y); s10 = add(s10, x1, y);
      if (width > 16) { y = v128.load(b, 16); s01 = add(s01, x0, y); s11 = add(s11, x1, y); }
      if (width > 32) { y = v128.load(b, 32); s02 = add(s02, x0, y); s12 = add(s12, x1, y); }
      if (width > 48) { y = v128.load(b, 48); s03 = add(s03, x0, y); s13 = add(s13, x1, y); }
      if (width > 64) { y = v128.load(b, 64); s04 = add(s04, x0, y); s14 = add(s14, x1, y); }
    }
    a0 += kStride;
    a1 += kStride;
    if (b >= first1) {
      x0 = v128.load32_splat(a0);
      x1 = v128.load32_splat(a1);
      y = v128.load(b, offsetof<V>()); s00 = add(s00, x0, y); s10 = add(s10, x1, y);
      if (width > 16) { y = v128.load(b, offsetof<V>() + 16); s01 = add(s01, x0, y); s11 = add(s11, x1, y); }
      if (width > 32) { y = v128.load(b, offsetof<V>() + 32); s02 = add(s02, x0, y); s12 = add(s12, x1, y); }
      if (width > 48) { y = v128.load(b, offsetof<V>() + 48); s03 = add(s03, x0, y); s13 = add(s13, x1, y); }
      if (width > 64) { y = v128.load(b, offsetof<V>() + 64); s04 = add(s04, x0, y); s14 = add(s14, x1, y); }
    }
    a0 += kStride;
    a1 += kStride;
    if (b >= first2) {
      x0 = v128.load32_splat(a0);
      x1 = v128.load32_splat(a1);
      y = v128.load(b, 2 * offsetof<V>()); s00 = add(s00, x0, y); s10 = add(s10, x1, y);
      if (width > 16) { y = v128.load(b, 2 * offsetof<V>() + 16); s01 = add(s01, x0, y); s11 = add(s11, x1, y); }
      if (width > 32) { y = v128.load(b, 2 * offsetof<V>() + 32); s02 = add(s02, x0, y); s12 = add(s12, x1, y); }
      if (width > 48) { y = v128.load(b, 2 * offsetof<V>() + 48); s03 = add(s03, x0, y); s13 = add(s13, x1, y); }
      if (width > 64) { y = v128.load(b, 2 * offsetof<V>() + 64); s04 = add(s04, x0, y); s14 = add(s14, x1, y); }
    }
    a0 += kStride;
    a1 += kStride;
    x0 = v128.load32_splat(a0);
    x1 = v128.load32_splat(a1);
    y = v128.load(b, 3 * offsetof<V>()); s00 = add(s00, x0, y); s10 = add(s10, x1, y);
    if (width > 16) { y = v128.load(b, 3 * offsetof<V>() + 16); s01 = add(s01, x0, y); s11 = add(s11, x1, y); }
    if (width > 32) { y = v128.load(b, 3 * offsetof<V>() + 32); s02 = add(s02, x0, y); s12 = add(s12, x1, y); }
    if (width > 48) { y = v128.load(b, 3 * offsetof<V>() + 48); s03 = add(s03, x0, y); s13 = add(s13, x1, y); }
    if (width > 64) { y = v128.load(b, 3 * offsetof<V>() + 64); s04 = add(s04, x0, y); s14 = add(s14, x1, y); }
  }
  const factor = v128.load32_splat(tileFactor);
  if (isScaled) {
    const r0 = v128.load32_splat(rowScales), r1 = v128.load32_splat(rowScales, 4);
    if (width > 64) storeScaled(s04, s14, r0, r1, columnScales + 64, factor, c + 64, c1 + 64, accumulate);
    if (width > 48) storeScaled(s03, s13, r0, r1, columnScales + 48, factor, c + 48, c1 + 48, accumulate);
    if (width > 32) storeScaled(s02, s12, r0, r1, columnScales + 32, factor, c + 32, c1 + 32, accumulate);
    if (width > 16) storeScaled(s01, s11, r0, r1, columnScales + 16, factor, c + 16, c1 + 16, accumulate);
    storeScaled(s00, s10, r0, r1, columnScales, factor, c, c1, accumulate);
    return;
  }
  if (width > 64) {
    v128.store(c1, f32x4.mul(factor, s14), 64);
    v128.store(c, f32x4.mul(factor, s04), 64);
  }
  if (width > 48) {
    v128.store(c1, f32x4.mul(factor, s13), 48);
    v128.store(c, f32x4.mul(factor, s03), 48);
  }
  if (width > 32) {
    v128.store(c1, f32x4.mul(factor, s12), 32);
    v128.store(c, f32x4.mul(factor, s02), 32);
  }
  if (width > 16) {
    v128.store(c1, f32x4.mul(factor, s11), 16);
    v128.store(c, f32x4.mul(factor, s01), 16);
  }
  v128.store(c1, f32x4.mul(factor, s10));
  v128.store(c, f32x4.mul(factor, s00));
}

@inline
function add(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** Four columns of a scaled tile. */
@inline
function storeScaled(
  s0: v128, s1: v128, r0: v128, r1: v128, columnScales: usize, factor: v128, c: usize, c1: usize, accumulate: bool,
): void {
  const columns = v128.load(columnScales);
  let y0 = f32x4.mul(f32x4.mul(s0, r0), columns), y1 = f32x4.mul(f32x4.mul(s1, r1), columns);
  if (accumulate) {
    y0 = f32x4.add(v128.load(c), y0);
    y1 = f32x4.add(v128.load(c1), y1);
  }
  v128.store(c1, f32x4.mul(factor, y1));
  v128.store(c, f32x4.mul(factor, y0));
}

export function oneVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile<One>(k, a, rowStride, kStride, b, c, strideC, accumulate);
}

export function twoVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile<Two>(k, a, rowStride, kStride, b, c, strideC, accumulate);
}

export function threeVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile<Three>(k, a, rowStride, kStride, b, c, strideC, accumulate);
}

export function fourVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile<Four>(k, a, rowStride, kStride, b, c, strideC, accumulate);
}

export function fiveVectorTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
): void {
  tile<Five>(k, a, rowStride, kStride, b, c, strideC, accumulate);
}

/**
 * `tile` of two vectors for four rows, because the sums of two would leave most registers empty. The second two rows of
 * op(A) lie at a + pairStride, those of C follow the first.
 */
@inline
function fourRows(
  k: i32, a: usize, rowStride: usize, pairStride: usize, kStride: usize, b: usize,
  c: usize, strideC: usize, accumulate: bool, isScaled: bool = false, rowScales: usize = 0, columnScales: usize = 0,
): void {
  const c1 = c + strideC, c2 = c1 + strideC, c3 = c2 + strideC;
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  if (accumulate && !isScaled) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  let a0 = a - kStride, a1 = a0 + rowStride, a2 = a0 + pairStride, a3 = a2 + rowStride;
  b -= 32;
  const last = b + (<usize>k << 5);
  while (b < last) {
    b += 32;
    const y0 = v128.load(b), y1 = v128.load(b, 16);
    a0 += kStride;
    let x = v128.load32_splat(a0);
    s00 = f32x4.add(s00, f32x4.mul(x, y0));
    s01 = f32x4.add(s01, f32x4.mul(x, y1));
    a1 += kStride;
    x = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(x, y0));
    s11 = f32x4.add(s11, f32x4.mul(x, y1));
    a2 += kStride;
    x = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(x, y0));
    s21 = f32x4.add(s21, f32x4.mul(x, y1));
    a3 += kStride;
    x = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(x, y0));
    s31 = f32x4.add(s31, f32x4.mul(x, y1));
  }
  const factor = v128.load32_splat(tileFactor);
  if (isScaled) {
    const r0 = v128.load32_splat(rowScales), r1 = v128.load32_splat(rowScales, 4);
    const r2 = v128.load32_splat(rowScales, 8), r3 = v128.load32_splat(rowScales, 12);
    storeScaled(s21, s31, r2, r3, columnScales + 16, factor, c2 + 16, c3 + 16, accumulate);
    storeScaled(s20, s30, r2, r3, columnScales, factor, c2, c3, accumulate);
    storeScaled(s01, s11, r0, r1, columnScales + 16, factor, c + 16, c1 + 16, accumulate);
    storeScaled(s00, s10, r0, r1, columnScales, factor, c, c1, accumulate);
    return;
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

export function fourRowTile(
  k: i32, a: usize, rowStride: usize, pairStride: usize, kStride: usize, b: usize,
  c: usize, strideC: usize, accumulate: bool,
): void {
  fourRows(k, a, rowStride, pairStride, kStride, b, c, strideC, accumulate);
}

/**
 * The product from zero with a scale for each of the two rows and each column: C = tileFactor·(product·r·s), or
 * tileFactor·(C + product·r·s) with accumulate.
 */
export function oneVectorScaledTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
  rowScales: usize, columnScales: usize,
): void {
  tile<One>(k, a, rowStride, kStride, b, c, strideC, accumulate, true, rowScales, columnScales);
}

export function twoVectorScaledTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
  rowScales: usize, columnScales: usize,
): void {
  tile<Two>(k, a, rowStride, kStride, b, c, strideC, accumulate, true, rowScales, columnScales);
}

export function threeVectorScaledTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
  rowScales: usize, columnScales: usize,
): void {
  tile<Three>(k, a, rowStride, kStride, b, c, strideC, accumulate, true, rowScales, columnScales);
}

export function fourVectorScaledTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
  rowScales: usize, columnScales: usize,
): void {
  tile<Four>(k, a, rowStride, kStride, b, c, strideC, accumulate, true, rowScales, columnScales);
}

export function fiveVectorScaledTile(
  k: i32, a: usize, rowStride: usize, kStride: usize, b: usize, c: usize, strideC: usize, accumulate: bool,
  rowScales: usize, columnScales: usize,
): void {
  tile<Five>(k, a, rowStride, kStride, b, c, strideC, accumulate, true, rowScales, columnScales);
}

export function fourRowScaledTile(
  k: i32, a: usize, rowStride: usize, pairStride: usize, kStride: usize, b: usize,
  c: usize, strideC: usize, accumulate: bool, rowScales: usize, columnScales: usize,
): void {
  fourRows(k, a, rowStride, pairStride, kStride, b, c, strideC, accumulate, true, rowScales, columnScales);
}
