// The register tiles of matrix multiplication: four or five rows of C by eight columns, accumulated strictly in k
// order with a multiplication followed by an addition. Ten accumulators are what fits into the fifteen vector
// registers V8 hands out; each broadcast of A stands directly before its use so that V8 keeps them there, and the
// loop over k is not unrolled for the same reason.

/** Where the elements of op(A) lie: row i of the tile at five addresses, or five neighbours at one address. */
// @ts-ignore: decorator
@inline
const byRows: bool = true, byColumns: bool = false;

/**
 * C[rows × 8] = alpha·(start + op(A)[rows × k]·B[k × 8]), start being the stored C or zero.
 * By rows: a0 … a4 are the rows of A, and k runs along them. By columns: the rows of the tile lie side by side at a0,
 * and k advances by `strideA`. B's eight columns lie side by side, and k advances by `strideB`. Strides in bytes.
 */
// @ts-ignore: decorator
@inline
function tile(
  rows: i32, layout: bool, k: i32,
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, strideA: usize,
  b: usize, strideB: usize, c: usize, strideC: usize, alpha: f32, accumulate: bool,
): void {
  const c0 = c, c1 = c0 + strideC, c2 = c1 + strideC, c3 = c2 + strideC, c4 = c3 + strideC;
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  let s40 = s00, s41 = s00;
  if (accumulate) {
    s00 = v128.load(c0);
    s01 = v128.load(c0, 16);
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
  const end = b + <usize>k * strideB;
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let a = v128.load32_splat(a0);
    s00 = f32x4.add(s00, f32x4.mul(a, b0));
    s01 = f32x4.add(s01, f32x4.mul(a, b1));
    a = layout == byRows ? v128.load32_splat(a1) : v128.load32_splat(a0, 4);
    s10 = f32x4.add(s10, f32x4.mul(a, b0));
    s11 = f32x4.add(s11, f32x4.mul(a, b1));
    a = layout == byRows ? v128.load32_splat(a2) : v128.load32_splat(a0, 8);
    s20 = f32x4.add(s20, f32x4.mul(a, b0));
    s21 = f32x4.add(s21, f32x4.mul(a, b1));
    a = layout == byRows ? v128.load32_splat(a3) : v128.load32_splat(a0, 12);
    s30 = f32x4.add(s30, f32x4.mul(a, b0));
    s31 = f32x4.add(s31, f32x4.mul(a, b1));
    if (rows == 5) {
      a = layout == byRows ? v128.load32_splat(a4) : v128.load32_splat(a0, 16);
      s40 = f32x4.add(s40, f32x4.mul(a, b0));
      s41 = f32x4.add(s41, f32x4.mul(a, b1));
    }
    if (layout == byRows) {
      a0 += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
      a4 += 4;
    } else {
      a0 += strideA;
    }
    b += strideB;
  }
  const factor = f32x4.splat(alpha);
  v128.store(c0, f32x4.mul(factor, s00));
  v128.store(c0, f32x4.mul(factor, s01), 16);
  v128.store(c1, f32x4.mul(factor, s10));
  v128.store(c1, f32x4.mul(factor, s11), 16);
  v128.store(c2, f32x4.mul(factor, s20));
  v128.store(c2, f32x4.mul(factor, s21), 16);
  v128.store(c3, f32x4.mul(factor, s30));
  v128.store(c3, f32x4.mul(factor, s31), 16);
  if (rows == 5) {
    v128.store(c4, f32x4.mul(factor, s40));
    v128.store(c4, f32x4.mul(factor, s41), 16);
  }
}

/** Five rows of A as stored. */
export function fiveRows(
  k: i32, a0: usize, a1: usize, a2: usize, a3: usize, a4: usize,
  b: usize, strideB: usize, c: usize, strideC: usize, alpha: f32, accumulate: bool,
): void {
  tile(5, byRows, k, a0, a1, a2, a3, a4, 0, b, strideB, c, strideC, alpha, accumulate);
}

/** Four rows of A as stored. */
export function fourRows(
  k: i32, a0: usize, a1: usize, a2: usize, a3: usize,
  b: usize, strideB: usize, c: usize, strideC: usize, alpha: f32, accumulate: bool,
): void {
  tile(4, byRows, k, a0, a1, a2, a3, 0, 0, b, strideB, c, strideC, alpha, accumulate);
}

/** Five neighbouring columns of a transposed A. */
export function fiveColumns(
  k: i32, a: usize, strideA: usize,
  b: usize, strideB: usize, c: usize, strideC: usize, alpha: f32, accumulate: bool,
): void {
  tile(5, byColumns, k, a, 0, 0, 0, 0, strideA, b, strideB, c, strideC, alpha, accumulate);
}

/** Four neighbouring columns of a transposed A. */
export function fourColumns(
  k: i32, a: usize, strideA: usize,
  b: usize, strideB: usize, c: usize, strideC: usize, alpha: f32, accumulate: bool,
): void {
  tile(4, byColumns, k, a, 0, 0, 0, 0, strideA, b, strideB, c, strideC, alpha, accumulate);
}

/**
 * Ten accumulators in registers, no memory: the ceiling of multiply-then-add arithmetic on 128-bit vectors.
 * One iteration is 10 multiplications and 10 additions of four lanes, 80 floating-point operations.
 */
export function registerPeak(iterations: i32): f32 {
  let s0 = f32x4.splat(1), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0;
  const x = f32x4.splat(1e-9), y = f32x4.splat(1e-8);
  for (let i = 0; i < iterations; i++) {
    s0 = f32x4.add(s0, f32x4.mul(s0, x));
    s1 = f32x4.add(s1, f32x4.mul(s1, y));
    s2 = f32x4.add(s2, f32x4.mul(s2, x));
    s3 = f32x4.add(s3, f32x4.mul(s3, y));
    s4 = f32x4.add(s4, f32x4.mul(s4, x));
    s5 = f32x4.add(s5, f32x4.mul(s5, y));
    s6 = f32x4.add(s6, f32x4.mul(s6, x));
    s7 = f32x4.add(s7, f32x4.mul(s7, y));
    s8 = f32x4.add(s8, f32x4.mul(s8, x));
    s9 = f32x4.add(s9, f32x4.mul(s9, y));
  }
  s0 = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  s4 = f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7));
  s0 = f32x4.add(f32x4.add(s0, s4), f32x4.add(s8, s9));
  return f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 1) + f32x4.extract_lane(s0, 2);
}
