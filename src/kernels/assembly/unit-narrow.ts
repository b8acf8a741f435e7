// Products by matrix units that keep few bits (FP8 on Ada and Hopper), four columns at a time in float32.
//
// With F fraction bits, at most 16, a term in units of 2^(T-F) is an integer below 2^(F+2), and a group of up to 32 with
// the addend sums to less than 2^24: float32 multiplies by the power of two, cuts with `trunc` and adds, all exactly.
// Largest exponents come from sums of bytes, sixteen columns at once. Per four products that is two multiplications, a
// trunc, an addition and half a byte operation, where a plain product takes one multiplication and one addition.
import {
  cutTo14,
  fractionBits,
  groupSize,
  groups,
  groupsInside,
  alignmentFloor,
  minimumExponentA,
  minimumExponentB,
  output,
  padded,
  paddedK,
  setArithmetic,
  toHalf,
  unitElement,
  groupCount,
} from "./unit-arithmetic";
import {pack} from "./unit-packing";

/** A tile; its sums are made for two rows and eight columns at a time. */
const rows: i32 = 4, columns: i32 = 16, tileBytes: usize = 256;
/** Terms are aligned to no less than this, so that scales are normal; smaller addends take the scalar path. */
const leastExponent: i32 = -100;
/** Largest and smallest magnitudes of an addend here, as bits: 2^100 and 2^-90. */
const largestAddend: i32 = 227 << 23, smallestAddend: i32 = 37 << 23;

/** One tile: sums, scales and accumulators outside the unit, each rows × columns, and which elements to do again. */
const sums = memory.data(256, 64), scales = memory.data(256, 64), totals = memory.data(256, 64);
const again = memory.data(256, 64);
/** Bits that a result keeps. */
const keptBits = memory.data(16, 16);

/** Bytes of scratch that `narrowUnitGemm` needs. */
export function narrowUnitScratch(m: i32, n: i32, k: i32, group: i32, interleaved: i32): usize {
  const depth = <usize>(groupCount(k, group, interleaved != 0) * group);
  const rowsA = <usize>padded(m, rows), columnsB = <usize>padded(n, columns);
  return (rowsA + columnsB) * (5 * depth + 1) + 256;
}

/**
 * C(m×n) = alpha·op(A)·op(B), or C += op(A)·op(B) with accumulate (alpha must then be 1), by a matrix unit with at most
 * 16 fraction bits and groups of at most 32, on operands of at most 8 bits (as float32) with exponents above -64.
 * Strides in elements. `scratch` is as `narrowUnitScratch` says.
 */
export function narrowUnitGemm(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, alpha: f32, accumulate: i32,
  group: i32, fraction: i32, rule: i32, floor: i32, minimumA: i32, minimumB: i32, productBits: i32,
  promotion: i32, interleaved: i32, scratch: usize,
): void {
  setArithmetic(k, group, fraction, rule, floor, minimumA, minimumB, promotion, interleaved);
  const depth = <usize>paddedK, rowsA = padded(m, rows), columnsB = padded(n, columns);
  const valuesA = (scratch + 63) & ~63, valuesB = valuesA + (<usize>rowsA * depth << 2);
  const exponentsA = valuesB + (<usize>columnsB * depth << 2), exponentsB = exponentsA + <usize>rowsA * depth;
  const flagsA = exponentsB + <usize>columnsB * depth, flagsB = flagsA + <usize>rowsA;
  const strideA = <usize>lda << 2, strideB = <usize>ldb << 2;
  packNarrow(
    a, m, rowsA, k, transposeA ? 4 : strideA, transposeA ? strideA : 4, 0, minimumExponentA, valuesA, exponentsA, flagsA,
  );
  packNarrow(
    b, n, columnsB, k, transposeB ? strideB : 4, transposeB ? 4 : strideB, 4, minimumExponentB, valuesB, exponentsB, flagsB,
  );
  for (let j = 0; j < n; j += columns) {
    const panel = <usize>j * depth, width = min(columns, n - j);
    for (let i = 0; i < m; i += rows) {
      const row = <usize>i * depth, height = min(rows, m - i);
      const cell = c + (<usize>i * <usize>ldc + <usize>j << 2);
      const isUnusual = start(cell, ldc, height, width, accumulate != 0, flagsA + i, flagsB + j);
      multiplyTile(valuesA + (row << 2), exponentsA + row, valuesB + (panel << 2), exponentsB + panel);
      finish(
        cell, ldc, height, width, accumulate != 0, alpha, isUnusual, valuesA + (row << 2), valuesB + (panel << 2),
      );
    }
  }
}

function packNarrow(
  x: usize, count: i32, paddedCount: i32, k: i32, strideIndex: usize, strideK: usize,
  lanes: i32, minimumExponent: i32, values: usize, exponents: usize, flags: usize,
): void {
  if (lanes) pack(false, x, count, paddedCount, k, strideIndex, strideK, 4, minimumExponent, values, exponents, flags);
  else pack(false, x, count, paddedCount, k, strideIndex, strideK, 0, minimumExponent, values, exponents, flags);
}

/** Loads the addends of a tile, and notes which elements the vectors do not suit. */
function start(c: usize, ldc: i32, height: i32, width: i32, accumulate: bool, flagsA: usize, flagsB: usize): bool {
  memory.fill(sums, 0, tileBytes);
  memory.fill(totals, 0, tileBytes);
  let isUnusual = load<i32>(flagsA) != 0 || v128.any_true(v128.load(flagsB));
  if (accumulate) {
    const target = groupsInside ? totals : sums;
    copyTile(c, <usize>ldc << 2, target, 64, height, width);
    for (let at: usize = 0; at < tileBytes; at += 16) {
      const addend = v128.load(target + at);
      isUnusual = isUnusual || v128.any_true(unusualAddends(addend));
      if (output == toHalf) v128.store(target + at, roundToHalf(addend));
    }
  }
  if (isUnusual) {
    for (let r = 0; r < height; r++) {
      for (let j = 0; j < width; j++) {
        let isThis = (load<u8>(flagsA + r) | load<u8>(flagsB + j)) != 0;
        if (accumulate) {
          isThis = isThis || v128.any_true(unusualAddends(v128.load32_splat(c + (<usize>(r * ldc + j) << 2))));
        }
        store<i32>(again + (<usize>(r * columns + j) << 2), i32(isThis));
      }
    }
  }
  return isUnusual;
}

@inline
function unusualAddends(x: v128): v128 {
  const magnitude = v128.and(x, i32x4.splat(0x7fffffff));
  const isSmall = i32x4.lt_s(magnitude, i32x4.splat(smallestAddend));
  return v128.or(
    i32x4.gt_s(magnitude, i32x4.splat(largestAddend)),
    v128.and(isSmall, i32x4.ne(magnitude, i32x4.splat(0))),
  );
}

function multiplyTile(a: usize, exponentsA: usize, b: usize, exponentsB: usize): void {
  const depth = <usize>paddedK, bytes = <usize>groupSize << 2, strideA = depth << 2;
  const isHalf = output == toHalf;
  v128.store(keptBits, i32x4.splat(output == cutTo14 ? ~0x3ff : ~0));
  let untilPromotion = groupsInside;
  for (let group = 0; group < groups; group++) {
    align(exponentsA, depth, exponentsB);
    const a2 = a + (strideA << 1);
    if (isHalf) {
      sumHalfGroup(a, strideA, bytes, b, sums, scales);
      sumHalfGroup(a, strideA, bytes, b + 32, sums + 32, scales + 32);
      sumHalfGroup(a2, strideA, bytes, b, sums + 128, scales + 128);
      sumHalfGroup(a2, strideA, bytes, b + 32, sums + 160, scales + 160);
    } else {
      sumFloatGroup(a, strideA, bytes, b, sums, scales);
      sumFloatGroup(a, strideA, bytes, b + 32, sums + 32, scales + 32);
      sumFloatGroup(a2, strideA, bytes, b, sums + 128, scales + 128);
      sumFloatGroup(a2, strideA, bytes, b + 32, sums + 160, scales + 160);
    }
    a += bytes;
    b += bytes << 4;
    exponentsA += <usize>groupSize;
    exponentsB += <usize>groupSize << 4;
    if (groupsInside && (--untilPromotion == 0 || group + 1 == groups)) {
      promote();
      untilPromotion = groupsInside;
    }
  }
}

/** Finds the common exponents of a group, and makes them scales; the addends become integers. */
function align(a: usize, strideA: usize, b: usize): void {
  const zero = i8x16.splat(-128);
  let largest0 = zero, largest1 = zero, largest2 = zero, largest3 = zero;
  let a1 = a + strideA, a2 = a1 + strideA, a3 = a2 + strideA, exponents: v128;
  const end = a + <usize>groupSize;
  while (a < end) {
    exponents = v128.load(b);
    largest0 = i8x16.max_s(largest0, i8x16.add_sat_s(exponents, v128.load8_splat(a)));
    largest1 = i8x16.max_s(largest1, i8x16.add_sat_s(exponents, v128.load8_splat(a1)));
    largest2 = i8x16.max_s(largest2, i8x16.add_sat_s(exponents, v128.load8_splat(a2)));
    largest3 = i8x16.max_s(largest3, i8x16.add_sat_s(exponents, v128.load8_splat(a3)));
    exponents = v128.load(b, 16);
    largest0 = i8x16.max_s(largest0, i8x16.add_sat_s(exponents, v128.load8_splat(a, 1)));
    largest1 = i8x16.max_s(largest1, i8x16.add_sat_s(exponents, v128.load8_splat(a1, 1)));
    largest2 = i8x16.max_s(largest2, i8x16.add_sat_s(exponents, v128.load8_splat(a2, 1)));
    largest3 = i8x16.max_s(largest3, i8x16.add_sat_s(exponents, v128.load8_splat(a3, 1)));
    exponents = v128.load(b, 32);
    largest0 = i8x16.max_s(largest0, i8x16.add_sat_s(exponents, v128.load8_splat(a, 2)));
    largest1 = i8x16.max_s(largest1, i8x16.add_sat_s(exponents, v128.load8_splat(a1, 2)));
    largest2 = i8x16.max_s(largest2, i8x16.add_sat_s(exponents, v128.load8_splat(a2, 2)));
    largest3 = i8x16.max_s(largest3, i8x16.add_sat_s(exponents, v128.load8_splat(a3, 2)));
    exponents = v128.load(b, 48);
    largest0 = i8x16.max_s(largest0, i8x16.add_sat_s(exponents, v128.load8_splat(a, 3)));
    largest1 = i8x16.max_s(largest1, i8x16.add_sat_s(exponents, v128.load8_splat(a1, 3)));
    largest2 = i8x16.max_s(largest2, i8x16.add_sat_s(exponents, v128.load8_splat(a2, 3)));
    largest3 = i8x16.max_s(largest3, i8x16.add_sat_s(exponents, v128.load8_splat(a3, 3)));
    b += 64;
    a += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
  }
  const least = max(alignmentFloor, leastExponent);
  if (output == toHalf) {
    alignRow(largest0, least, true, 0);
    alignRow(largest1, least, true, 64);
    alignRow(largest2, least, true, 128);
    alignRow(largest3, least, true, 192);
  } else {
    alignRow(largest0, least, false, 0);
    alignRow(largest1, least, false, 64);
    alignRow(largest2, least, false, 128);
    alignRow(largest3, least, false, 192);
  }
}

@inline
function alignRow(largest: v128, least: i32, isHalf: bool, at: usize): void {
  const low = i16x8.extend_low_i8x16_s(largest), high = i16x8.extend_high_i8x16_s(largest);
  alignFour(i32x4.extend_low_i16x8_s(low), least, isHalf, at);
  alignFour(i32x4.extend_high_i16x8_s(low), least, isHalf, at + 16);
  alignFour(i32x4.extend_low_i16x8_s(high), least, isHalf, at + 32);
  alignFour(i32x4.extend_high_i16x8_s(high), least, isHalf, at + 48);
}

@inline
function alignFour(largest: v128, least: i32, isHalf: bool, at: usize): void {
  const addend = v128.load(sums + at);
  // Twice the bits drop the sign.
  let exponent = i32x4.sub(i32x4.shr_u(i32x4.shl(addend, 1), 24), i32x4.splat(127));
  if (isHalf) {
    const isZero = f32x4.eq(addend, f32x4.splat(0));
    exponent = v128.bitselect(exponent, i32x4.max_s(exponent, i32x4.splat(-14)), isZero);
  }
  const common = i32x4.max_s(i32x4.max_s(largest, exponent), i32x4.splat(least));
  const scale = i32x4.shl(i32x4.sub(i32x4.splat(127 + fractionBits), common), 23);
  v128.store(scales + at, scale);
  v128.store(sums + at, f32x4.trunc(f32x4.mul(addend, scale)));
}

function sumFloatGroup(a: usize, strideA: usize, bytes: usize, b: usize, c: usize, scale: usize): void {
  sumGroup(false, a, strideA, bytes, b, c, scale);
}

function sumHalfGroup(a: usize, strideA: usize, bytes: usize, b: usize, c: usize, scale: usize): void {
  sumGroup(true, a, strideA, bytes, b, c, scale);
}

/** The sums of a group for two rows and eight columns, from the integers at `c` to the results there. */
@inline
function sumGroup(isHalf: bool, a: usize, strideA: usize, bytes: usize, b: usize, c: usize, scale: usize): void {
  let s00 = v128.load(c), s01 = v128.load(c, 16), s10 = v128.load(c, 64), s11 = v128.load(c, 80);
  const f00 = v128.load(scale), f01 = v128.load(scale, 16), f10 = v128.load(scale, 64), f11 = v128.load(scale, 80);
  const end = a + bytes - 4;
  a -= 4;
  let a1 = a + strideA;
  b -= 64;
  while (a < end) {
    b += 64;
    const y0 = v128.load(b), y1 = v128.load(b, 16);
    a += 4;
    let x = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.trunc(f32x4.mul(f32x4.mul(x, y0), f00)));
    s01 = f32x4.add(s01, f32x4.trunc(f32x4.mul(f32x4.mul(x, y1), f01)));
    a1 += 4;
    x = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.trunc(f32x4.mul(f32x4.mul(x, y0), f10)));
    s11 = f32x4.add(s11, f32x4.trunc(f32x4.mul(f32x4.mul(x, y1), f11)));
  }
  v128.store(c, finishGroup(isHalf, s00, f00));
  v128.store(c, finishGroup(isHalf, s01, f01), 16);
  v128.store(c, finishGroup(isHalf, s10, f10), 64);
  v128.store(c, finishGroup(isHalf, s11, f11), 80);
}

/** Sums of integers as the unit returns them. Adding zero makes -0 positive. */
@inline
function finishGroup(isHalf: bool, sum: v128, scale: v128): v128 {
  const inverse = i32x4.sub(i32x4.splat(254 << 23), scale);
  const result = f32x4.mul(f32x4.add(sum, f32x4.splat(0)), inverse);
  return isHalf ? roundToHalf(result) : v128.and(result, v128.load(keptBits));
}

/** To nearest even by adding a number whose last bit is the last that fp16 has; zero is always positive. */
@inline
function roundToHalf(x: v128): v128 {
  const exponent = i32x4.max_u(v128.and(x, i32x4.splat(0x7f800000)), i32x4.splat((127 - 14) << 23));
  const carrier = i32x4.add(exponent, i32x4.splat((13 << 23) | 0x400000));
  const rounded = f32x4.sub(f32x4.add(x, carrier), carrier);
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const infinity = v128.or(sign, i32x4.splat(0x7f800000));
  return v128.bitselect(infinity, rounded, f32x4.gt(f32x4.abs(rounded), f32x4.splat(65504)));
}

/** Adds the sums to the accumulators outside the unit and clears them. */
function promote(): void {
  for (let at: usize = 0; at < tileBytes; at += 16) {
    const total = f32x4.add(v128.load(totals + at), v128.load(sums + at));
    v128.store(totals + at, output == toHalf ? roundToHalf(total) : total);
    v128.store(sums + at, f32x4.splat(0));
  }
}

/** Stores a tile, after computing again those elements that did not suit. */
function finish(
  c: usize, ldc: i32, height: i32, width: i32, accumulate: bool, alpha: f32, isUnusual: bool, a: usize, b: usize,
): void {
  const results = groupsInside ? totals : sums;
  if (isUnusual) {
    for (let r = 0; r < height; r++) {
      for (let j = 0; j < width; j++) {
        const at = <usize>(r * columns + j) << 2;
        if (!load<i32>(again + at)) continue;
        const addend = accumulate ? load<f32>(c + (<usize>(r * ldc + j) << 2)) : 0;
        const row = a + (<usize>(r * paddedK) << 2), column = b + (<usize>j << 2);
        store<f32>(results + at, <f32>unitElement(row, column, columns, false, <f64>addend));
      }
    }
  }
  const factor = f32x4.splat(alpha);
  for (let at: usize = 0; at < tileBytes; at += 16) {
    v128.store(results + at, f32x4.mul(factor, v128.load(results + at)));
  }
  copyTile(results, 64, c, <usize>ldc << 2, height, width);
}

function copyTile(from: usize, fromStride: usize, to: usize, toStride: usize, height: i32, width: i32): void {
  for (let r = 0; r < height; r++) {
    if (width == columns) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      v128.store(to, v128.load(from, 32), 32);
      v128.store(to, v128.load(from, 48), 48);
    } else {
      for (let j: usize = 0; j < <usize>width << 2; j += 4) store<f32>(to + j, load<f32>(from + j));
    }
    from += fromStride;
    to += toStride;
  }
}
