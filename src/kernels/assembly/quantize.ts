// Fake quantization: float32 in, the nearest value of a narrower format out, still as float32.
// `../reference/quantize.ts` says what each result must be.
import {loadPart, storePart} from "./vector-math";

/**
 * Casts to a float format within float32's range, ties to even: out = cast(x · scale) / scale. `out` may be `x`.
 *
 * Float32 addition does the rounding, eight values at a time; what it does not suit goes through `quantizeExactly`.
 * NaN results have the bits 0x7fc00000.
 *
 * @param mantissaBits stored fraction bits, 0 to 23
 * @param minimumExponent exponent of the smallest normal value, from -126
 * @param lastKept largest float32 magnitude that rounds to a finite value
 * @param overflow magnitude that finite values beyond it become: finite, infinite or NaN
 * @param infinity magnitude that infinite values become: finite, infinite or NaN
 * @param nan bits that NaN becomes, xor the bits of the NaN that `nanMask` picks
 * @param keepNegativeZero 0 turns negative zeros into positive ones
 * @param scale finite and not zero; a power of two is fast
 */
export function quantize(
  x: usize,
  out: usize,
  count: i32,
  mantissaBits: i32,
  minimumExponent: i32,
  lastKept: f32,
  overflow: f32,
  infinity: f32,
  nan: i32,
  nanMask: i32,
  keepNegativeZero: i32,
  scale: f32,
): void {
  let done = 0;
  if (keepNegativeZero && hasExactInverse(scale) && additionSuits(mantissaBits)) {
    done = count & ~7;
    const isSaturating = overflow == infinity && reinterpret<i32>(overflow) <= largestAddable(mantissaBits);
    if (isSaturating) {
      if (scale == 1) {
        castByAddition(
          x, out, done, true, false,
          mantissaBits, minimumExponent, lastKept, overflow, infinity, nan, nanMask, 1,
        );
      } else {
        castByAddition(
          x, out, done, true, true,
          mantissaBits, minimumExponent, lastKept, overflow, infinity, nan, nanMask, scale,
        );
      }
    } else if (scale == 1) {
      castByAddition(
        x, out, done, false, false,
        mantissaBits, minimumExponent, lastKept, overflow, infinity, nan, nanMask, 1,
      );
    } else {
      castByAddition(
        x, out, done, false, true,
        mantissaBits, minimumExponent, lastKept, overflow, infinity, nan, nanMask, scale,
      );
    }
  }
  quantizeExactly(
    x + (<usize>done << 2),
    out + (<usize>done << 2),
    count - done,
    mantissaBits,
    minimumExponent,
    lastKept,
    overflow,
    infinity,
    nan,
    nanMask,
    keepNegativeZero,
    scale,
  );
}

/**
 * `quantize` for a multiple of eight values, in a format that addition suits and with a scale that is a power of two.
 * `isSaturating` and `isScaled` must be constants: each combination becomes a loop of its own.
 */
@inline
function castByAddition(
  x: usize,
  out: usize,
  count: i32,
  isSaturating: bool,
  isScaled: bool,
  mantissaBits: i32,
  minimumExponent: i32,
  lastKept: f32,
  overflow: f32,
  infinity: f32,
  nan: i32,
  nanMask: i32,
  scale: f32,
): void {
  // Bits beyond which a magnitude needs `quantizeExactly`: those of NaN, or whatever does not round to a finite value.
  const limit = isSaturating ? 0x7f800000 : min(reinterpret<i32>(lastKept), largestAddable(mantissaBits));
  const limits = i32x4.splat(limit);
  const largest = f32x4.splat(overflow);
  const minimum = i32x4.splat((minimumExponent + 127) << 23);
  const lift = i32x4.splat((23 - mantissaBits) << 23);
  const scales = f32x4.splat(scale);
  const inverse = f32x4.splat(1 / scale);
  const end = x + (<usize>count << 2);
  while (x < end) {
    // A call inside the loop would cost it its registers: eight values that need one leave it, and it starts again.
    do {
      let x0 = v128.load(x);
      let x1 = v128.load(x, 16);
      if (isScaled) {
        x0 = f32x4.mul(x0, scales);
        x1 = f32x4.mul(x1, scales);
      }
      let magnitude0 = v128.and(x0, i32x4.splat(0x7fffffff)); // f32x4.abs would make its mask anew each time
      let magnitude1 = v128.and(x1, i32x4.splat(0x7fffffff));
      if (v128.any_true(v128.or(i32x4.gt_s(magnitude0, limits), i32x4.gt_s(magnitude1, limits)))) break;
      if (isSaturating) {
        magnitude0 = f32x4.pmin(magnitude0, largest);
        magnitude1 = f32x4.pmin(magnitude1, largest);
      }
      let y0 = v128.or(roundByAddition(magnitude0, minimum, lift), v128.and(x0, i32x4.splat(0x80000000)));
      let y1 = v128.or(roundByAddition(magnitude1, minimum, lift), v128.and(x1, i32x4.splat(0x80000000)));
      if (isScaled) {
        y0 = f32x4.mul(y0, inverse);
        y1 = f32x4.mul(y1, inverse);
      }
      v128.store(out, y0);
      v128.store(out, y1, 16);
      x += 32;
      out += 32;
    } while (x < end);
    if (x < end) {
      quantizeExactly(
        x, out, 8, mantissaBits, minimumExponent, lastKept, overflow, infinity, nan, nanMask, 1, scale,
      );
      x += 32;
      out += 32;
    }
  }
}

/**
 * Adding c = 2^(e + 23 - mantissaBits) to a magnitude in [2^e, 2^(e+1)) leaves a sum whose spacing is that of the
 * target format, so the adder rounds to nearest even; taking c away again is exact. Below the smallest normal value
 * the exponent stands still, and the spacing with it.
 */
@inline
function roundByAddition(magnitude: v128, minimum: v128, lift: v128): v128 {
  const exponent = i32x4.max_u(v128.and(magnitude, i32x4.splat(0x7f800000)), minimum);
  const c = i32x4.add(exponent, lift);
  return f32x4.sub(f32x4.add(magnitude, c), c);
}

/** The sum needs a dropped bit to stay in its binade; without stored bits "even" is a matter of the exponent. */
@inline
function additionSuits(mantissaBits: i32): bool {
  return mantissaBits >= 1 && mantissaBits <= 22;
}

/** Bits of the largest magnitude whose sum in `roundByAddition` is finite. */
@inline
function largestAddable(mantissaBits: i32): i32 {
  return ((127 + 127 - (23 - mantissaBits)) << 23) - 1;
}

/** Whether scale and 1 / scale are both normal powers of two, so that multiplying is as good as dividing. */
function hasExactInverse(scale: f32): bool {
  const bits = reinterpret<i32>(scale);
  const exponent = (bits >> 23) & 0xff;
  return (bits & 0x7fffff) == 0 && exponent > 0 && exponent < 254;
}

/** `quantize` for any format, value and scale. */
function quantizeExactly(
  x: usize,
  out: usize,
  count: i32,
  mantissaBits: i32,
  minimumExponent: i32,
  lastKept: f32,
  overflow: f32,
  infinity: f32,
  nan: i32,
  nanMask: i32,
  keepNegativeZero: i32,
  scale: f32,
): void {
  const scales = f32x4.splat(scale);
  const lastKepts = f32x4.splat(lastKept);
  const overflows = f32x4.splat(overflow);
  const infinities = f32x4.splat(infinity);
  const nans = i32x4.splat(nan);
  const nanMasks = i32x4.splat(nanMask);
  const zero = f32x4.splat(keepNegativeZero ? -0.0 : 0.0); // y + (-0) is y, and -0 + 0 is 0

  const dropped = 23 - mantissaBits;
  const spacing = 1 << dropped;
  const kept = i32x4.splat(-spacing);
  const lessThanHalf = i32x4.splat(dropped ? (spacing >> 1) - 1 : 0);
  const tieBit = i32x4.splat(dropped ? 1 : 0);
  // Without stored bits the code's last bit is the exponent's, whose bias may be even where float32's is odd.
  const oddness = i32x4.splat(mantissaBits ? 0 : minimumExponent & 1);
  const smallestNormal = f32x4.splat(reinterpret<f32>((minimumExponent + 127) << 23));
  const subnormalCarrier = f32x4.splat(reinterpret<f32>((minimumExponent + 127 + dropped) << 23));

  for (; count > 0; count -= 4) {
    const value = count < 4 ? loadPart(x, count) : v128.load(x);
    const scaled = f32x4.mul(value, scales);
    const magnitude = v128.and(scaled, i32x4.splat(0x7fffffff));

    // Nearest even on the bits; in the subnormal range of the format, where spacing is constant, by addition.
    const tie = v128.and(v128.xor(i32x4.shr_u(magnitude, dropped), oddness), tieBit);
    const normal = v128.and(i32x4.add(i32x4.add(magnitude, lessThanHalf), tie), kept);
    const subnormal = f32x4.sub(f32x4.add(magnitude, subnormalCarrier), subnormalCarrier);
    let y = v128.bitselect(subnormal, normal, f32x4.lt(magnitude, smallestNormal));

    y = v128.bitselect(overflows, y, f32x4.gt(magnitude, lastKepts));
    y = v128.bitselect(infinities, y, f32x4.eq(magnitude, f32x4.splat(f32.POSITIVE_INFINITY)));
    y = v128.or(y, v128.and(scaled, i32x4.splat(0x80000000)));
    y = v128.bitselect(v128.xor(nans, v128.and(value, nanMasks)), y, f32x4.ne(value, value));
    y = f32x4.div(f32x4.add(y, zero), scales);
    y = v128.bitselect(i32x4.splat(0x7fc00000), y, f32x4.ne(y, y));
    if (count < 4) storePart(out, y, count);
    else v128.store(out, y);
    x += 16;
    out += 16;
  }
}

/**
 * Casts to the integers from `lowest` to `largest`, ties to even and saturating: out = cast(x · scale) / scale.
 * NaN becomes 0, and there is no negative zero. `out` may be `x`.
 *
 * @param scale finite and not zero; a power of two is fast
 */
export function quantizeInteger(x: usize, out: usize, count: i32, lowest: f32, largest: f32, scale: f32): void {
  const scales = f32x4.splat(scale);
  const inverse = f32x4.splat(1 / scale);
  const isExact = hasExactInverse(scale);
  let i = 0;
  for (; i <= count - 4; i += 4) {
    const y = nearestInteger(f32x4.mul(v128.load(x), scales), lowest, largest);
    v128.store(out, isExact ? f32x4.mul(y, inverse) : f32x4.div(y, scales));
    x += 16;
    out += 16;
  }
  const rest = count - i;
  if (rest > 0) {
    const y = nearestInteger(f32x4.mul(loadPart(x, rest), scales), lowest, largest);
    storePart(out, f32x4.div(y, scales), rest);
  }
}

@inline
function nearestInteger(x: v128, lowest: f32, largest: f32): v128 {
  const number = v128.and(x, f32x4.eq(x, x));
  const clamped = f32x4.pmin(f32x4.pmax(number, f32x4.splat(lowest)), f32x4.splat(largest));
  return f32x4.add(f32x4.nearest(clamped), f32x4.splat(0));
}
