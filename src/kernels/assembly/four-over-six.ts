// Scales of E2M1 blocks that map the largest magnitude to 6 or to 4; `../reference/four-over-six.ts` says which.
// Four neighbouring blocks are worked on at once, one in each lane, so that every block adds its errors in order.
import {roundScales} from "./block-scales";
import {loadUpToFour, storeUpToFour} from "./vector-math";

/** Sums of the errors of the rows of four blocks, for the scale to 4 and for the scale to 6. */
const errors4 = memory.data(16 * 16, 16);
const errors6 = memory.data(16 * 16, 16);

/**
 * Writes for each block of 1 or 16 rows the encode multiplier and the decode scale.
 * @param outerAmax largest magnitude of the tensor or row
 * @param range 6 · bound
 * @param isSquared sums squared errors instead of absolute ones
 * @returns whether all magnitudes, multipliers and scales are finite
 */
export function fourOverSixScales(
  x: usize, rows: i32, columns: i32, stride: i32, blockRows: i32, blockColumns: i32,
  amaxes: usize, encodes: usize, decodes: usize,
  scaleMantissaBits: i32, scaleMinimumExponent: i32, scaleLargest: f32, scaleLeast: f32,
  outerEncode: f32, outerDecode: f32, outerAmax: f32, range: f32, isSquared: i32,
): i32 {
  const rowBytes = <usize>stride << 2, step = blockColumns << 2;
  const infinity = f32x4.splat(f32.POSITIVE_INFINITY);
  const outerAmaxes = f32x4.splat(outerAmax), ranges = f32x4.splat(range);
  let isRegular: i32 = 1;
  for (let row = 0; row < rows; row += blockRows) {
    const height = min(blockRows, rows - row);
    for (let column = 0; column < columns; column += step) {
      const left = columns - column, blocks = min(4, (left + blockColumns - 1) / blockColumns);
      const amax = loadUpToFour(amaxes, blocks);
      const base = f32x4.mul(f32x4.div(amax, f32x4.splat(6)), f32x4.splat(outerEncode));
      const scale6 = roundScales(base, scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast);
      const scale4 = roundScales(
        f32x4.mul(base, f32x4.splat(1.5)), scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast,
      );
      const encode6 = multiplier(scale6, outerDecode), encode4 = multiplier(scale4, outerDecode);
      memory.fill(errors4, 0, <usize>blockRows << 4);
      memory.fill(errors6, 0, <usize>blockRows << 4);
      for (let i = 0; i < height; i++) {
        const start = x + <usize>(row + i) * rowBytes + (<usize>column << 2);
        let sum4 = f32x4.splat(0), sum6 = sum4;
        for (let j = 0; j < blockColumns; j++) {
          const values = valuesOfBlocks(start, j, blockColumns, left);
          sum4 = f32x4.add(sum4, errorOf(values, encode4, scale4, outerAmaxes, ranges, isSquared));
          sum6 = f32x4.add(sum6, errorOf(values, encode6, scale6, outerAmaxes, ranges, isSquared));
        }
        v128.store(errors4 + (<usize>i << 4), sum4);
        v128.store(errors6 + (<usize>i << 4), sum6);
      }
      const isFour = f32x4.lt(treeSum(errors4, blockRows), treeSum(errors6, blockRows));
      const encode = v128.bitselect(encode4, encode6, isFour), decode = v128.bitselect(scale4, scale6, isFour);
      const areFinite = v128.and(
        f32x4.lt(amax, infinity),
        v128.and(f32x4.lt(encode, infinity), f32x4.lt(decode, infinity)),
      );
      isRegular &= i32((i32x4.bitmask(areFinite) | (-1 << blocks)) == -1);
      storeUpToFour(encodes, encode, blocks);
      storeUpToFour(decodes, decode, blocks);
      const bytes = <usize>blocks << 2;
      amaxes += bytes;
      encodes += bytes;
      decodes += bytes;
    }
  }
  return isRegular;
}

/** Element j of each of four blocks beside each other, 0 beyond the `left` elements of the row. */
@inline
function valuesOfBlocks(row: usize, j: i32, blockColumns: i32, left: i32): v128 {
  const distance = <usize>blockColumns << 2, at = row + (<usize>j << 2);
  let values = f32x4.splat(0);
  if (j < left) values = f32x4.replace_lane(values, 0, load<f32>(at));
  if (j + blockColumns < left) values = f32x4.replace_lane(values, 1, load<f32>(at + distance));
  if (j + 2 * blockColumns < left) values = f32x4.replace_lane(values, 2, load<f32>(at + 2 * distance));
  if (j + 3 * blockColumns < left) values = f32x4.replace_lane(values, 3, load<f32>(at + 3 * distance));
  return values;
}

@inline
function errorOf(x: v128, encode: v128, scale: v128, amax: v128, range: v128, isSquared: i32): v128 {
  const product = f32x4.mul(nearestE2M1(f32x4.mul(x, encode)), scale);
  const difference = f32x4.sub(f32x4.div(f32x4.mul(product, amax), range), x);
  return isSquared ? f32x4.mul(difference, difference) : f32x4.abs(difference);
}

/** Nearest even, saturating; NaN becomes 0. */
@inline
function nearestE2M1(x: v128): v128 {
  const number = v128.and(x, f32x4.eq(x, x));
  const magnitude = f32x4.pmin(f32x4.abs(number), f32x4.splat(6));
  const exponent = i32x4.max_s(v128.and(magnitude, i32x4.splat(0x7f800000)), i32x4.splat(0x3f800000));
  const c = i32x4.add(exponent, i32x4.splat(22 << 23));
  return v128.or(f32x4.sub(f32x4.add(magnitude, c), c), v128.and(number, i32x4.splat(0x80000000)));
}

/** 1 / (scale · outer), at most the largest float32. */
@inline
function multiplier(scale: v128, outer: f32): v128 {
  return f32x4.pmin(f32x4.div(f32x4.splat(1), f32x4.mul(scale, f32x4.splat(outer))), f32x4.splat(f32.MAX_VALUE));
}

/** (first half + second half), again and again, in each lane; overwrites the values. */
@inline
function treeSum(values: usize, count: i32): v128 {
  for (let half = count >> 1; half > 0; half >>= 1) {
    for (let i = 0; i < half; i++) {
      const at = values + (<usize>i << 4);
      v128.store(at, f32x4.add(v128.load(at), v128.load(at + (<usize>half << 4))));
    }
  }
  return v128.load(values);
}
