// Operands of a matrix unit in the order in which its groups take them, beside the exponents of their values.
// A is packed by rows (`lanes` 0), B in panels of 2^lanes columns that lie side by side; zeros fill both up.
import {isInterleaved, packedPosition, paddedK} from "./unit-arithmetic";

/** Exponents of zero: a sum with one lies below all others. */
export const narrowZero: i32 = -128, wideZero: i32 = -16384;

/** Packs `count` rows of A, or columns of B, of which `padded` are made. Flags are bytes: 1 where a value is not finite. */
@inline
export function pack(
  isWide: bool, x: usize, count: i32, padded: i32, k: i32, strideIndex: usize, strideK: usize,
  lanes: i32, minimumExponent: i32, values: usize, exponents: usize, flags: usize,
): void {
  const elements = <usize>padded * <usize>paddedK;
  if (count < padded || k < paddedK) {
    memory.fill(values, 0, elements << (isWide ? 3 : 2));
    if (isWide) fillHalves(exponents, wideZero, elements);
    else memory.fill(exponents, <u8>narrowZero, elements);
  }
  memory.fill(flags, 0, padded);
  if (strideK == 4) {
    for (let i = 0; i < count; i++) {
      const row = x + <usize>i * strideIndex;
      let p = 0;
      if (lanes == 0 && !isInterleaved) {
        const to = <usize>i * <usize>paddedK;
        for (; p + 4 <= k; p += 4) {
          const vector = v128.load(row + (<usize>p << 2));
          storeRun(isWide, vector, minimumExponent, values, exponents, to + <usize>p);
          if (isAnyUnusual(vector)) flag(flags, i, 1, vector);
        }
      }
      for (; p + 4 <= k; p += 4) {
        const vector = v128.load(row + (<usize>p << 2));
        const e = exponentsOf(vector, minimumExponent, isWide);
        storeLane(0, isWide, vector, e, values, exponents, place(i, p, lanes));
        storeLane(1, isWide, vector, e, values, exponents, place(i, p + 1, lanes));
        storeLane(2, isWide, vector, e, values, exponents, place(i, p + 2, lanes));
        storeLane(3, isWide, vector, e, values, exponents, place(i, p + 3, lanes));
        if (isAnyUnusual(vector)) flag(flags, i, 1, vector);
      }
      for (; p < k; p++) {
        packOne(isWide, load<f32>(row + (<usize>p << 2)), i, p, lanes, minimumExponent, values, exponents, flags);
      }
    }
    return;
  }
  for (let p = 0; p < k; p++) {
    const row = x + <usize>p * strideK;
    let i = 0;
    for (; i + 4 <= count; i += 4) {
      const vector = v128.load(row + <usize>i * strideIndex);
      if (lanes > 0) storeRun(isWide, vector, minimumExponent, values, exponents, place(i, p, lanes));
      else {
        const e = exponentsOf(vector, minimumExponent, isWide);
        storeLane(0, isWide, vector, e, values, exponents, place(i, p, lanes));
        storeLane(1, isWide, vector, e, values, exponents, place(i + 1, p, lanes));
        storeLane(2, isWide, vector, e, values, exponents, place(i + 2, p, lanes));
        storeLane(3, isWide, vector, e, values, exponents, place(i + 3, p, lanes));
      }
      if (isAnyUnusual(vector)) flag(flags, i, 4, vector);
    }
    for (; i < count; i++) {
      packOne(isWide, load<f32>(row + <usize>i * strideIndex), i, p, lanes, minimumExponent, values, exponents, flags);
    }
  }
}

/** Index of the element of row or column i at place p of K. */
@inline
function place(i: i32, p: i32, lanes: i32): usize {
  const panel = <usize>(i >> lanes) * <usize>paddedK + <usize>packedPosition(p);
  return (panel << lanes) + <usize>(i & ((1 << lanes) - 1));
}

function packOne(
  isWide: bool, x: f32, i: i32, p: i32, lanes: i32, minimumExponent: i32, values: usize, exponents: usize, flags: usize,
): void {
  const vector = f32x4.splat(x);
  storeLane(0, isWide, vector, exponentsOf(vector, minimumExponent, isWide), values, exponents, place(i, p, lanes));
  if (isAnyUnusual(vector)) store<u8>(flags + i, 1);
}

/** floor(log2 |x|), at least `minimumExponent`; the code of zero for zeros. Infinite and NaN values give anything. */
@inline
function exponentsOf(x: v128, minimumExponent: i32, isWide: bool): v128 {
  const magnitude = v128.and(x, i32x4.splat(0x7fffffff));
  const exponent = i32x4.max_s(
    i32x4.sub(i32x4.shr_u(magnitude, 23), i32x4.splat(127)),
    i32x4.splat(minimumExponent),
  );
  const isZero = i32x4.eq(magnitude, i32x4.splat(0));
  return v128.bitselect(i32x4.splat(isWide ? wideZero : narrowZero), exponent, isZero);
}

@inline
function isAnyUnusual(x: v128): bool {
  const field = i32x4.splat(0x7f800000);
  return v128.any_true(i32x4.eq(v128.and(x, field), field));
}

/** Marks which of the `count` rows of a vector have an infinity or a NaN; 1: all its lanes belong to one row. */
function flag(flags: usize, i: i32, count: i32, x: v128): void {
  const field = i32x4.splat(0x7f800000);
  const lanes = i32x4.bitmask(i32x4.eq(v128.and(x, field), field));
  if (count == 1) {
    store<u8>(flags + i, 1);
    return;
  }
  for (let lane = 0; lane < 4; lane++) if ((lanes >> lane) & 1) store<u8>(flags + i + lane, 1);
}

/** Four values that lie side by side. */
@inline
function storeRun(isWide: bool, x: v128, minimumExponent: i32, values: usize, exponents: usize, at: usize): void {
  const e = exponentsOf(x, minimumExponent, isWide);
  const halves = i16x8.narrow_i32x4_s(e, e);
  if (isWide) {
    v128.store(values + (at << 3), f64x2.promote_low_f32x4(x));
    v128.store(values + (at << 3), f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3)), 16);
    v128.store_lane<u64>(exponents + (at << 1), halves, 0);
  } else {
    v128.store(values + (at << 2), x);
    v128.store_lane<u32>(exponents + at, i8x16.narrow_i16x8_s(halves, halves), 0);
  }
}

@inline
function storeLane(lane: i32, isWide: bool, x: v128, e: v128, values: usize, exponents: usize, at: usize): void {
  if (isWide) {
    store<f64>(values + (at << 3), <f64>floatLane(x, lane));
    store<i16>(exponents + (at << 1), <i16>integerLane(e, lane));
  } else {
    store<f32>(values + (at << 2), floatLane(x, lane));
    store<i8>(exponents + at, <i8>integerLane(e, lane));
  }
}

@inline
function floatLane(x: v128, lane: i32): f32 {
  if (lane == 0) return f32x4.extract_lane(x, 0);
  if (lane == 1) return f32x4.extract_lane(x, 1);
  if (lane == 2) return f32x4.extract_lane(x, 2);
  return f32x4.extract_lane(x, 3);
}

@inline
function integerLane(x: v128, lane: i32): i32 {
  if (lane == 0) return i32x4.extract_lane(x, 0);
  if (lane == 1) return i32x4.extract_lane(x, 1);
  if (lane == 2) return i32x4.extract_lane(x, 2);
  return i32x4.extract_lane(x, 3);
}

function fillHalves(out: usize, value: i32, count: usize): void {
  for (const end = out + (count << 1); out < end; out += 2) store<i16>(out, <i16>value);
}
