// Products by matrix units that keep many bits (fp16, bf16, tf32, and FP8 through `mma.sync`), two columns at a time in
// double precision, where the products of such operands, the aligned integers and their sums are all exact. Otherwise
// the same design as `unit-narrow.ts`, at half its width; exponents are sums of 16-bit integers, eight columns at once.
//
// Where the exponents of a group lie so close together that aligning cuts nothing, as is usual with FP8 operands, its sum
// is the exact sum of the products: multiplications and additions are enough, and no largest exponents are needed.
import {
  alignmentFloor,
  cutTo24,
  fractionBits,
  groupCount,
  groupSize,
  groups,
  groupsInside,
  minimumExponentA,
  minimumExponentB,
  output,
  padded,
  paddedK,
  setArithmetic,
  toHalf,
  unitElement,
} from "./unit-arithmetic";
import {pack, wideZero} from "./unit-packing";

/** A tile; its sums are made for two rows and four columns at a time. */
const rows: i32 = 4, columns: i32 = 8, tileBytes: usize = 256;
/** Terms are aligned to no less than this, so that scales are normal; no term is smaller. */
const leastExponent: i32 = -900;

/** One tile: sums, scales and accumulators outside the unit, and masks of the elements to do again. */
const sums = memory.data(256, 64), scales = memory.data(256, 64), totals = memory.data(256, 64);
const again = memory.data(256, 64);
/** No exponent: greater than all, for smallest ones. */
const greatestExponent: i32 = 16384;

/** Bits that a result keeps. */
const keptBits = memory.data(16, 16);

/** Bytes of scratch that `wideUnitGemm` needs. */
export function wideUnitScratch(m: i32, n: i32, k: i32, group: i32, interleaved: i32): usize {
  const depth = <usize>(groupCount(k, group, interleaved != 0) * group);
  const rowsA = <usize>padded(m, rows), columnsB = <usize>padded(n, columns);
  return (rowsA + columnsB) * (11 * depth + 1) + 256;
}

/**
 * C(m×n) = alpha·op(A)·op(B), or C += op(A)·op(B) with accumulate (alpha must then be 1), by a matrix unit with at most
 * 40 fraction bits on operands of at most 24 significant bits together. Strides in elements. `scratch` is as
 * `wideUnitScratch` says.
 */
export function wideUnitGemm(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, alpha: f32, accumulate: i32,
  group: i32, fraction: i32, rule: i32, floor: i32, minimumA: i32, minimumB: i32, productBits: i32,
  promotion: i32, interleaved: i32, scratch: usize,
): void {
  setArithmetic(k, group, fraction, rule, floor, minimumA, minimumB, promotion, interleaved);
  const depth = <usize>paddedK, rowsA = padded(m, rows), columnsB = padded(n, columns);
  const valuesA = (scratch + 63) & ~63, valuesB = valuesA + (<usize>rowsA * depth << 3);
  const exponentsA = valuesB + (<usize>columnsB * depth << 3), exponentsB = exponentsA + (<usize>rowsA * depth << 1);
  const flagsA = exponentsB + (<usize>columnsB * depth << 1), flagsB = flagsA + <usize>rowsA;
  // The exponents of groups: for each tile of rows or columns and each group a largest and a smallest one.
  const rangesA = (flagsB + <usize>columnsB + 3) & ~3, rangesB = rangesA + (<usize>(rowsA / rows * groups) << 2);
  const strideA = <usize>lda << 2, strideB = <usize>ldb << 2;
  packWide(
    a, m, rowsA, k, transposeA ? 4 : strideA, transposeA ? strideA : 4, 0, minimumExponentA, valuesA, exponentsA, flagsA,
  );
  packWide(
    b, n, columnsB, k, transposeB ? strideB : 4, transposeB ? 4 : strideB, 3, minimumExponentB, valuesB, exponentsB, flagsB,
  );
  findRanges(exponentsA, rowsA / rows, rows, <usize>groupSize << 1, depth << 1, rangesA);
  findRanges(exponentsB, columnsB / columns, 1, <usize>groupSize << 4, 0, rangesB);
  const accumulatesInside = accumulate != 0 && groupsInside == 0;
  for (let j = 0; j < n; j += columns) {
    const panel = <usize>j * depth, width = min(columns, n - j);
    for (let i = 0; i < m; i += rows) {
      const row = <usize>i * depth, height = min(rows, m - i);
      const cell = c + (<usize>i * <usize>ldc + <usize>j << 2);
      start(cell, ldc, height, width, accumulate != 0, flagsA + i, flagsB + j);
      multiplyTile(
        valuesA + (row << 3), exponentsA + (row << 1), valuesB + (panel << 3), exponentsB + (panel << 1),
        rangesA + (<usize>(i / rows * groups) << 2), rangesB + (<usize>(j / columns * groups) << 2),
        productBits, accumulatesInside,
      );
      finish(cell, ldc, height, width, accumulate != 0, alpha, valuesA + (row << 3), valuesB + (panel << 3));
    }
  }
}

function packWide(
  x: usize, count: i32, paddedCount: i32, k: i32, strideIndex: usize, strideK: usize,
  lanes: i32, minimumExponent: i32, values: usize, exponents: usize, flags: usize,
): void {
  if (lanes) pack(true, x, count, paddedCount, k, strideIndex, strideK, 3, minimumExponent, values, exponents, flags);
  else pack(true, x, count, paddedCount, k, strideIndex, strideK, 0, minimumExponent, values, exponents, flags);
}

/** Loads the addends of a tile, and notes which elements the vectors do not suit. */
function start(c: usize, ldc: i32, height: i32, width: i32, accumulate: bool, flagsA: usize, flagsB: usize): void {
  memory.fill(sums, 0, tileBytes);
  memory.fill(totals, 0, tileBytes);
  memory.fill(again, 0, tileBytes);
  const target = groupsInside ? totals : sums;
  const isUnusual = load<i32>(flagsA) != 0 || load<i64>(flagsB) != 0;
  if (!accumulate && !isUnusual) return;
  for (let r = 0; r < height; r++) {
    for (let j = 0; j < width; j++) {
      const at = <usize>(r * columns + j) << 3;
      if (load<u8>(flagsA + r) | load<u8>(flagsB + j)) store<i64>(again + at, -1);
      if (!accumulate) continue;
      const addend = load<f32>(c + (<usize>(r * ldc + j) << 2));
      store<f64>(target + at, <f64>addend);
      if (addend - addend != 0) store<i64>(again + at, -1);
    }
  }
  if (output == toHalf) {
    for (let at: usize = 0; at < tileBytes; at += 16) v128.store(target + at, roundToHalf(v128.load(target + at)));
  }
}

/**
 * The largest and the smallest exponent of the nonzero elements of each group, as a pair of 16-bit integers, for `tiles`
 * tiles of `parts` rows each. Bytes of a group within a part, and from one part to the next.
 */
function findRanges(exponents: usize, tiles: i32, parts: i32, bytes: usize, stride: usize, out: usize): void {
  const tileStride = parts == 1 ? <usize>groups * bytes : <usize>parts * stride;
  for (let tile = 0; tile < tiles; tile++) {
    for (let group = 0; group < groups; group++) {
      let largest = i16x8.splat(<i16>wideZero), smallest = i16x8.splat(<i16>greatestExponent);
      for (let part = 0; part < parts; part++) {
        let at = exponents + <usize>part * stride + <usize>group * bytes;
        for (const end = at + bytes; at < end; at += 8) {
          const x = v128.load64_splat(at);
          largest = i16x8.max_s(largest, x);
          const orGreatest = v128.bitselect(
            i16x8.splat(<i16>greatestExponent), x, i16x8.eq(x, i16x8.splat(<i16>wideZero)),
          );
          smallest = i16x8.min_s(smallest, orGreatest);
        }
      }
      largest = i16x8.max_s(largest, i16x8.shuffle(largest, largest, 2, 3, 0, 1, 6, 7, 4, 5));
      largest = i16x8.max_s(largest, i16x8.shuffle(largest, largest, 1, 0, 3, 2, 5, 4, 7, 6));
      smallest = i16x8.min_s(smallest, i16x8.shuffle(smallest, smallest, 2, 3, 0, 1, 6, 7, 4, 5));
      smallest = i16x8.min_s(smallest, i16x8.shuffle(smallest, smallest, 1, 0, 3, 2, 5, 4, 7, 6));
      v128.store_lane<u16>(out, largest, 0);
      v128.store_lane<u16>(out + 2, smallest, 0);
      out += 4;
    }
    exponents += tileStride;
  }
}

/** Whether all sums have magnitudes below 2^exponent. */
function areBelow(exponent: i32): bool {
  const limit = f64x2.splat(reinterpret<f64>(<u64>(min(exponent, 1000) + 1023) << 52));
  let isBeyond = f64x2.splat(0);
  for (let at: usize = 0; at < tileBytes; at += 16) {
    isBeyond = v128.or(isBeyond, f64x2.ge(f64x2.abs(v128.load(sums + at)), limit));
  }
  return !v128.any_true(isBeyond);
}

/**
 * The groups of a tile one after the other. Sums that start from zero are multiples of the last bit of all products so
 * far; as long as that is no less than the last bit kept by the largest exponent, of the products and of the sums,
 * nothing is cut.
 */
function multiplyTile(
  a: usize, exponentsA: usize, b: usize, exponentsB: usize, rangesA: usize, rangesB: usize,
  productBits: i32, accumulatesInside: bool,
): void {
  let lastBit = greatestExponent;
  // A subnormal fp16 addend keeps its exponent.
  const least = max(alignmentFloor, output == toHalf ? -14 : leastExponent);
  const depth = <usize>paddedK, bytes = <usize>groupSize << 3, strideA = depth << 3;
  const isHalf = output == toHalf;
  v128.store(keptBits, i64x2.splat(output == cutTo24 ? -1 << 29 : -1 << 39));
  let untilPromotion = groupsInside;
  for (let group = 0; group < groups; group++) {
    const largest = <i32>load<i16>(rangesA) + <i32>load<i16>(rangesB);
    const smallest = <i32>load<i16>(rangesA + 2) + <i32>load<i16>(rangesB + 2);
    lastBit = min(lastBit, smallest - productBits);
    const a2 = a + (strideA << 1), common = max(largest, least);
    const isOrdinary = lastBit >= -126 && common < 120;
    if (!accumulatesInside && isOrdinary && common - lastBit <= fractionBits && areBelow(lastBit + fractionBits + 1)) {
      if (isHalf) {
        sumExactHalfGroup(a, strideA, bytes, b, 0);
        sumExactHalfGroup(a2, strideA, bytes, b, 128);
      } else {
        sumExactFloatGroup(a, strideA, bytes, b, 0);
        sumExactFloatGroup(a2, strideA, bytes, b, 128);
      }
    } else if (isHalf) {
      align(exponentsA, depth << 1, exponentsB);
      sumHalfGroup(a, strideA, bytes, b, 0);
      sumHalfGroup(a, strideA, bytes, b + 32, 32);
      sumHalfGroup(a2, strideA, bytes, b, 128);
      sumHalfGroup(a2, strideA, bytes, b + 32, 160);
    } else {
      align(exponentsA, depth << 1, exponentsB);
      sumFloatGroup(a, strideA, bytes, b, 0);
      sumFloatGroup(a, strideA, bytes, b + 32, 32);
      sumFloatGroup(a2, strideA, bytes, b, 128);
      sumFloatGroup(a2, strideA, bytes, b + 32, 160);
    }
    a += bytes;
    b += bytes << 3;
    exponentsA += <usize>groupSize << 1;
    exponentsB += <usize>groupSize << 4;
    rangesA += 4;
    rangesB += 4;
    if (groupsInside && (--untilPromotion == 0 || group + 1 == groups)) {
      promote();
      lastBit = greatestExponent;
      untilPromotion = groupsInside;
    }
  }
}

/** Finds the common exponents of a group, and makes them scales; the addends become integers. */
function align(a: usize, strideA: usize, b: usize): void {
  let largest0 = i16x8.splat(-32768), largest1 = largest0, largest2 = largest0, largest3 = largest0;
  const end = a + (<usize>groupSize << 1);
  let a1 = a + strideA, a2 = a1 + strideA, a3 = a2 + strideA, exponents: v128;
  while (a < end) {
    exponents = v128.load(b);
    largest0 = i16x8.max_s(largest0, i16x8.add(exponents, v128.load16_splat(a)));
    largest1 = i16x8.max_s(largest1, i16x8.add(exponents, v128.load16_splat(a1)));
    largest2 = i16x8.max_s(largest2, i16x8.add(exponents, v128.load16_splat(a2)));
    largest3 = i16x8.max_s(largest3, i16x8.add(exponents, v128.load16_splat(a3)));
    exponents = v128.load(b, 16);
    largest0 = i16x8.max_s(largest0, i16x8.add(exponents, v128.load16_splat(a, 2)));
    largest1 = i16x8.max_s(largest1, i16x8.add(exponents, v128.load16_splat(a1, 2)));
    largest2 = i16x8.max_s(largest2, i16x8.add(exponents, v128.load16_splat(a2, 2)));
    largest3 = i16x8.max_s(largest3, i16x8.add(exponents, v128.load16_splat(a3, 2)));
    b += 32;
    a += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
  }
  const least = max(alignmentFloor, leastExponent), leastAddend = output == toHalf ? -14 : -126;
  alignFour(i32x4.extend_low_i16x8_s(largest0), least, leastAddend, 0);
  alignFour(i32x4.extend_high_i16x8_s(largest0), least, leastAddend, 32);
  alignFour(i32x4.extend_low_i16x8_s(largest1), least, leastAddend, 64);
  alignFour(i32x4.extend_high_i16x8_s(largest1), least, leastAddend, 96);
  alignFour(i32x4.extend_low_i16x8_s(largest2), least, leastAddend, 128);
  alignFour(i32x4.extend_high_i16x8_s(largest2), least, leastAddend, 160);
  alignFour(i32x4.extend_low_i16x8_s(largest3), least, leastAddend, 192);
  alignFour(i32x4.extend_high_i16x8_s(largest3), least, leastAddend, 224);
}

@inline
function alignFour(largest: v128, least: i32, leastAddend: i32, at: usize): void {
  const addends = v128.load(sums + at), more = v128.load(sums + at, 16);
  // The upper halves of four doubles; twice their bits drop the sign.
  const upper = i32x4.shuffle(addends, more, 1, 3, 5, 7), field = i32x4.shr_u(i32x4.shl(upper, 1), 21);
  const exponent = i32x4.max_s(i32x4.sub(field, i32x4.splat(1023)), i32x4.splat(leastAddend));
  const orNone = v128.bitselect(i32x4.splat(leastExponent), exponent, i32x4.eq(field, i32x4.splat(0)));
  const common = i32x4.max_s(i32x4.max_s(largest, orNone), i32x4.splat(least));
  const scale = i32x4.shl(i32x4.sub(i32x4.splat(1023 + fractionBits), common), 20);
  const zero = i32x4.splat(0);
  const scale01 = i32x4.shuffle(zero, scale, 0, 4, 0, 5), scale23 = i32x4.shuffle(zero, scale, 0, 6, 0, 7);
  v128.store(scales + at, scale01);
  v128.store(scales + at, scale23, 16);
  v128.store(sums + at, f64x2.trunc(f64x2.mul(addends, scale01)));
  v128.store(sums + at, f64x2.trunc(f64x2.mul(more, scale23)), 16);
}

function sumFloatGroup(a: usize, strideA: usize, bytes: usize, b: usize, at: usize): void {
  sumGroup(false, a, strideA, bytes, b, at);
}

function sumHalfGroup(a: usize, strideA: usize, bytes: usize, b: usize, at: usize): void {
  sumGroup(true, a, strideA, bytes, b, at);
}

/** The sums of a group for two rows and four columns, from integers to results. */
@inline
function sumGroup(isHalf: bool, a: usize, strideA: usize, bytes: usize, b: usize, at: usize): void {
  const c = sums + at, scale = scales + at;
  let s00 = v128.load(c), s01 = v128.load(c, 16), s10 = v128.load(c, 64), s11 = v128.load(c, 80);
  const f00 = v128.load(scale), f01 = v128.load(scale, 16), f10 = v128.load(scale, 64), f11 = v128.load(scale, 80);
  const end = a + bytes - 8;
  a -= 8;
  let a1 = a + strideA;
  b -= 64;
  while (a < end) {
    b += 64;
    const y0 = v128.load(b), y1 = v128.load(b, 16);
    a += 8;
    let x = v128.load64_splat(a);
    s00 = f64x2.add(s00, f64x2.trunc(f64x2.mul(f64x2.mul(x, y0), f00)));
    s01 = f64x2.add(s01, f64x2.trunc(f64x2.mul(f64x2.mul(x, y1), f01)));
    a1 += 8;
    x = v128.load64_splat(a1);
    s10 = f64x2.add(s10, f64x2.trunc(f64x2.mul(f64x2.mul(x, y0), f10)));
    s11 = f64x2.add(s11, f64x2.trunc(f64x2.mul(f64x2.mul(x, y1), f11)));
  }
  finishGroup(isHalf, s00, f00, at);
  finishGroup(isHalf, s01, f01, at + 16);
  finishGroup(isHalf, s10, f10, at + 64);
  finishGroup(isHalf, s11, f11, at + 80);
}

function sumExactFloatGroup(a: usize, strideA: usize, bytes: usize, b: usize, at: usize): void {
  sumExactGroup(false, a, strideA, bytes, b, at);
}

function sumExactHalfGroup(a: usize, strideA: usize, bytes: usize, b: usize, at: usize): void {
  sumExactGroup(true, a, strideA, bytes, b, at);
}

/** The sums of a group of which nothing is cut, for two rows and eight columns. */
@inline
function sumExactGroup(isHalf: bool, a: usize, strideA: usize, bytes: usize, b: usize, at: usize): void {
  const c = sums + at;
  let s00 = v128.load(c), s01 = v128.load(c, 16), s02 = v128.load(c, 32), s03 = v128.load(c, 48);
  let s10 = v128.load(c, 64), s11 = v128.load(c, 80), s12 = v128.load(c, 96), s13 = v128.load(c, 112);
  const end = a + bytes - 8;
  a -= 8;
  let a1 = a + strideA;
  b -= 64;
  while (a < end) {
    a += 8;
    const x0 = v128.load64_splat(a);
    a1 += 8;
    const x1 = v128.load64_splat(a1);
    b += 64;
    let y = v128.load(b);
    s00 = f64x2.add(s00, f64x2.mul(x0, y));
    s10 = f64x2.add(s10, f64x2.mul(x1, y));
    y = v128.load(b, 16);
    s01 = f64x2.add(s01, f64x2.mul(x0, y));
    s11 = f64x2.add(s11, f64x2.mul(x1, y));
    y = v128.load(b, 32);
    s02 = f64x2.add(s02, f64x2.mul(x0, y));
    s12 = f64x2.add(s12, f64x2.mul(x1, y));
    y = v128.load(b, 48);
    s03 = f64x2.add(s03, f64x2.mul(x0, y));
    s13 = f64x2.add(s13, f64x2.mul(x1, y));
  }
  finishExact(isHalf, s13, at + 112);
  finishExact(isHalf, s03, at + 48);
  finishExact(isHalf, s12, at + 96);
  finishExact(isHalf, s02, at + 32);
  finishExact(isHalf, s11, at + 80);
  finishExact(isHalf, s01, at + 16);
  finishExact(isHalf, s10, at + 64);
  finishExact(isHalf, s00, at);
}

/** Neither subnormal nor infinite results come out of an ordinary group. */
@inline
function finishExact(isHalf: bool, sum: v128, at: usize): void {
  const result = f64x2.add(sum, f64x2.splat(0));
  v128.store(sums + at, isHalf ? roundToHalf(result) : v128.and(result, v128.load(keptBits)));
}

/** Sums of integers as the unit returns them. Adding zero makes -0 positive. */
@inline
function finishGroup(isHalf: bool, sum: v128, scale: v128, at: usize): void {
  const inverse = i64x2.sub(i64x2.splat(<i64>2046 << 52), scale);
  const result = f64x2.mul(f64x2.add(sum, f64x2.splat(0)), inverse);
  if (isHalf) {
    v128.store(sums + at, roundToHalf(result));
    return;
  }
  const magnitude = f64x2.abs(result);
  const isTiny = v128.and(
    f64x2.lt(magnitude, f64x2.splat(1.1754943508222875e-38)),
    f64x2.gt(magnitude, f64x2.splat(0)),
  );
  v128.store(again + at, v128.or(v128.load(again + at), isTiny));
  const cut = v128.and(result, v128.load(keptBits));
  const infinity = v128.or(v128.and(result, i64x2.splat(<i64>1 << 63)), f64x2.splat(f64.POSITIVE_INFINITY));
  const isBeyond = f64x2.ge(magnitude, f64x2.splat(3.4028236692093846e38));
  v128.store(sums + at, v128.bitselect(infinity, cut, isBeyond));
}

/** To nearest even by adding a number whose last bit is the last that fp16 has; zero is always positive. */
@inline
function roundToHalf(x: v128): v128 {
  const field = v128.and(x, i64x2.splat(<i64>0x7ff << 52));
  const least = i64x2.splat(<i64>(1023 - 14) << 52);
  const exponent = v128.bitselect(field, least, i64x2.gt_s(field, least));
  const carrier = i64x2.add(exponent, i64x2.splat(<i64>42 << 52 | <i64>1 << 51));
  const rounded = f64x2.sub(f64x2.add(x, carrier), carrier);
  const infinity = v128.or(v128.and(x, i64x2.splat(<i64>1 << 63)), f64x2.splat(f64.POSITIVE_INFINITY));
  return v128.bitselect(infinity, rounded, f64x2.gt(f64x2.abs(rounded), f64x2.splat(65504)));
}

/** Adds the sums to the accumulators outside the unit and clears them. */
function promote(): void {
  for (let at: usize = 0; at < tileBytes; at += 16) {
    const total = f64x2.add(v128.load(totals + at), v128.load(sums + at));
    const rounded = output == toHalf ? roundToHalf(total) : f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(total));
    v128.store(totals + at, rounded);
    v128.store(sums + at, f64x2.splat(0));
  }
}

/** Stores a tile, after computing again those elements that did not suit. */
function finish(
  c: usize, ldc: i32, height: i32, width: i32, accumulate: bool, alpha: f32, a: usize, b: usize,
): void {
  const results = groupsInside ? totals : sums;
  for (let r = 0; r < height; r++) {
    for (let j = 0; j < width; j++) {
      const at = <usize>(r * columns + j) << 3, cell = c + (<usize>(r * ldc + j) << 2);
      let result = <f32>load<f64>(results + at);
      if (load<i64>(again + at)) {
        const addend = accumulate ? load<f32>(cell) : 0;
        const row = a + (<usize>(r * paddedK) << 3), column = b + (<usize>j << 3);
        result = <f32>unitElement(row, column, columns, true, <f64>addend);
      }
      store<f32>(cell, alpha * result);
    }
  }
}
