// What stochastic-blocks.ts does, where 16 random bits decide what goes up: two elements share a word.
// `../reference/blocks.ts` says what the results must be.
import {CastConstants} from "./cast-constants";
import {mixers, mixPlace} from "./rounding-bits";
import {constant, loadUpToFour, storeUpToFour} from "./vector-math";

/** What the loop loads into registers; see `constant` in vector-math.ts. */
const constants = memory.data<u32>([0x7fffffff, 1], 16);

/** Bits that E2M1 drops. */
const droppedByE2m1: i32 = 22;

/**
 * `castBlocksStochastically` for the rounding mode `stochastic-a` with 16 bits, fewer than the cast drops, and a format whose
 * smallest normal value is above float32's. `startIndex` and `stride` are even, and blocks of more than one column begin a
 * multiple of eight elements behind each other.
 */
export function castBlocksByHalves(
  x: usize, out: usize, rows: i32, columns: i32, stride: i32, blockRows: i32, blockColumns: i32,
  encodes: usize, decodes: usize, outer: f32, cast: usize, startIndex: u32,
): void {
  const blocks = (columns + blockColumns - 1) / blockColumns;
  const rowBytes = <usize>stride << 2, scaleBytes = <usize>blocks << 2;
  const dropped = changetype<CastConstants>(cast).dropped;
  for (let row = 0; row < rows; row += blockRows) {
    const end = x + <usize>min(blockRows, rows - row) * rowBytes;
    for (; x < end; x += rowBytes) {
      // V8 spends three instructions more on a shift that is no constant.
      if (dropped != droppedByE2m1) {
        castRow(x, out, columns, blockColumns, encodes, decodes, outer, cast, startIndex, dropped);
      } else if (blockColumns == 1) {
        castRow(x, out, columns, 1, encodes, decodes, outer, cast, startIndex, droppedByE2m1);
      } else {
        castRow(x, out, columns, blockColumns, encodes, decodes, outer, cast, startIndex, droppedByE2m1);
      }
      out += rowBytes;
      startIndex += stride;
    }
    encodes += scaleBytes;
    decodes += scaleBytes;
  }
}

@inline
function castRow(
  x: usize, out: usize, columns: i32, blockColumns: i32, encodes: usize, decodes: usize, outer: f32, cast: usize,
  startIndex: u32, dropped: i32,
): void {
  const c = changetype<CastConstants>(cast), isByColumn = blockColumns == 1;
  const mask = constant(constants, 0), largest = f32x4.splat(c.largest), outers = f32x4.splat(outer);
  const minimum = i32x4.splat(c.minimum), lift = i32x4.sub(minimum, constant(constants, 1));
  const all = i32x4.splat(~c.kept), spread = constant(mixers, 0), shift = dropped - 16;
  const key1 = i32x4.splat(c.key1), mixer1 = constant(mixers, 1), mixer2 = constant(mixers, 2);
  const fourth = i32x4.mul(i32x4.splat(4), spread);
  const first = i32x4.mul(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(startIndex >> 1)), spread);
  let place = i32x4.add(first, i32x4.splat(c.key0));
  for (let left = columns; left > 0; left -= blockColumns) {
    const width = isByColumn ? left : min(blockColumns, left);
    let encode0 = v128.load32_splat(encodes), encode1 = encode0;
    let decode0 = v128.load32_splat(decodes), decode1 = decode0;
    for (const end = x + (<usize>(width & ~7) << 2); x < end; x += 32) {
      if (isByColumn) {
        encode0 = v128.load(encodes);
        encode1 = v128.load(encodes, 16);
        decode0 = v128.load(decodes);
        decode1 = v128.load(decodes, 16);
        encodes += 32;
        decodes += 32;
      }
      const words = mixPlace(place, key1, mixer1, mixer2);
      const random0 = i32x4.shl(i32x4.extend_low_i16x8_u(words), shift);
      const x0 = f32x4.mul(v128.load(x), encode0);
      const y0 = castFour(x0, random0, mask, largest, minimum, lift, all);
      const random1 = i32x4.shl(i32x4.extend_high_i16x8_u(words), shift);
      const x1 = f32x4.mul(v128.load(x, 16), encode1);
      const y1 = castFour(x1, random1, mask, largest, minimum, lift, all);
      v128.store(out, f32x4.mul(f32x4.mul(y0, decode0), outers));
      v128.store(out, f32x4.mul(f32x4.mul(y1, decode1), outers), 16);
      place = i32x4.add(place, fourth);
      out += 32;
    }
    for (let rest = width & 7, word = place; rest > 0; rest -= 4) {
      const some = min(rest, 4);
      const encode = isByColumn ? loadUpToFour(encodes, some) : encode0;
      const decode = isByColumn ? loadUpToFour(decodes, some) : decode0;
      const random = i32x4.shl(i32x4.extend_low_i16x8_u(mixPlace(word, key1, mixer1, mixer2)), shift);
      const y = castFour(f32x4.mul(loadUpToFour(x, some), encode), random, mask, largest, minimum, lift, all);
      storeUpToFour(out, f32x4.mul(f32x4.mul(y, decode), outers), some);
      word = i8x16.shuffle(word, word, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
      x += <usize>some << 2;
      out += <usize>some << 2;
      if (isByColumn) {
        encodes += 16;
        decodes += 16;
      }
    }
    if (isByColumn) break;
    encodes += 4;
    decodes += 4;
  }
}

/**
 * The carry of random bits, added to the uppermost dropped ones, goes up. Below the smallest normal value a magnitude is
 * brought to the spacing above it by adding `lift`, the float32 before that value: half a unit less than the value itself,
 * so that the sum is rounded down, or, where it was exact, to the even one of two. The carry comes out right, since what
 * it depends on is even: multiples of the least random bit, which is not the last bit. Zeros stay below the smallest
 * normal value, unless random bits are added, and are brought back to it.
 */
@inline
function castFour(
  x: v128, random: v128, mask: v128, largest: v128, minimum: v128, lift: v128, all: v128,
): v128 {
  const magnitude = i32x4.min_s(v128.and(x, mask), largest);
  const isBelow = i32x4.gt_s(minimum, magnitude);
  const sum = i32x4.add(f32x4.add(magnitude, v128.and(lift, isBelow)), random);
  const kept = v128.andnot(i32x4.max_s(sum, minimum), all);
  return v128.or(f32x4.sub(kept, v128.and(minimum, isBelow)), v128.andnot(x, mask));
}
