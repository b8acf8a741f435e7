// Scales of E2M1 blocks that map the largest magnitude to 6 or to 4; `../reference/four-over-six.ts` says which.
import {limited, roundScale} from "./block-scales";

/** Sums of the errors of a block's rows, for the scale to 4 and for the scale to 6. */
const errors4 = memory.data(16 * 4, 16);
const errors6 = memory.data(16 * 4, 16);

/**
 * Writes for each block of 1 or 16 rows the encode multiplier and the decode scale.
 * @param outerAmax largest magnitude of the tensor or row
 * @param range 6 · bound
 * @param isSquared sums squared errors instead of absolute ones
 */
export function fourOverSixScales(
  x: usize, rows: i32, columns: i32, stride: i32, blockRows: i32, blockColumns: i32,
  amaxes: usize, encodes: usize, decodes: usize,
  scaleMantissaBits: i32, scaleMinimumExponent: i32, scaleLargest: f32, scaleLeast: f32,
  outerEncode: f32, outerDecode: f32, outerAmax: f32, range: f32, isSquared: i32,
): i32 {
  const rowBytes = <usize>stride << 2;
  let isRegular: i32 = 1;
  for (let row = 0; row < rows; row += blockRows) {
    const height = min(blockRows, rows - row);
    for (let column = 0; column < columns; column += blockColumns) {
      const width = min(blockColumns, columns - column);
      const amax = load<f32>(amaxes);
      const base = amax / 6 * outerEncode;
      const scale6 = roundScale(base, scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast);
      const scale4 = roundScale(base * 1.5, scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast);
      const encode6 = limited(1 / (scale6 * outerDecode)), encode4 = limited(1 / (scale4 * outerDecode));
      memory.fill(errors4, 0, 64);
      memory.fill(errors6, 0, 64);
      for (let i = 0; i < height; i++) {
        const at = x + <usize>(row + i) * rowBytes + (<usize>column << 2);
        const slot = <usize>i << 2;
        store<f32>(errors4 + slot, rowError(at, width, encode4, scale4, outerAmax, range, isSquared));
        store<f32>(errors6 + slot, rowError(at, width, encode6, scale6, outerAmax, range, isSquared));
      }
      const isFour = treeSum(errors4, blockRows) < treeSum(errors6, blockRows);
      const encode = isFour ? encode4 : encode6, decode = isFour ? scale4 : scale6;
      isRegular &= i32(amax < f32.POSITIVE_INFINITY) & i32(abs(encode) < f32.POSITIVE_INFINITY);
      isRegular &= i32(abs(decode) < f32.POSITIVE_INFINITY);
      store<f32>(encodes, encode);
      store<f32>(decodes, decode);
      amaxes += 4;
      encodes += 4;
      decodes += 4;
    }
  }
  return isRegular;
}

@inline
function rowError(x: usize, count: i32, encode: f32, scale: f32, amax: f32, range: f32, isSquared: i32): f32 {
  let sum: f32 = 0;
  for (const end = x + (<usize>count << 2); x < end; x += 4) {
    const value = load<f32>(x);
    const difference = nearestE2M1(value * encode) * scale * amax / range - value;
    sum += isSquared ? difference * difference : abs(difference);
  }
  return sum;
}

/** Nearest even, saturating; NaN becomes 0. */
@inline
function nearestE2M1(x: f32): f32 {
  const magnitude = x == x ? min(abs(x), <f32>6) : 0;
  const exponent = max(reinterpret<i32>(magnitude) & 0x7f800000, 0x3f800000);
  const c = reinterpret<f32>(exponent + (22 << 23));
  return copysign(magnitude + c - c, x);
}

/** (first half + second half), again and again; overwrites the values. */
@inline
function treeSum(values: usize, count: i32): f32 {
  for (let half = count >> 1; half > 0; half >>= 1) {
    for (let i = 0; i < half; i++) {
      const at = values + (<usize>i << 2);
      store<f32>(at, load<f32>(at) + load<f32>(at + (<usize>half << 2)));
    }
  }
  return load<f32>(values);
}
