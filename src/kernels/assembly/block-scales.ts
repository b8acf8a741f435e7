// From the largest magnitudes of blocks to their scales; `../reference/block-scales.ts` says what each must be.

// Chains, in the order of `scaleChains`.
const floorOfMagnitude: i32 = 0;
const ceilOfMagnitude: i32 = 1;
const ceilOfQuotient: i32 = 2;
const evenMagnitude: i32 = 3;
const midmax: i32 = 4;
const encodeFirst: i32 = 5;
const divide: i32 = 6;
const reciprocal: i32 = 7;
const rounded: i32 = 8;
const twoLevel: i32 = 9;

// Bits of `flags`.
const isPowerOfTwo: i32 = 1;
const saturatesScale: i32 = 2;
const keepsTiny: i32 = 4;

/** Stands for the exponent of the scale that is NaN. */
const noExponent: i32 = 128;

/**
 * Writes for each of `count` magnitudes the encode multiplier (or divisor) and the decode scale of its block.
 * @returns whether all magnitudes, multipliers and scales are finite
 */
export function blockScales(
  amaxes: usize,
  count: i32,
  encodes: usize,
  decodes: usize,
  chain: i32,
  largest: f32,
  mantissaBits: i32,
  epsilon: f32,
  flags: i32,
  scaleMantissaBits: i32,
  scaleMinimumExponent: i32,
  scaleLargest: f32,
  scaleLeast: f32,
  outerEncode: f32,
  outerDecode: f32,
): i32 {
  // The chains of MX and NVFP4 have loops of their own.
  switch (chain) {
    case floorOfMagnitude:
      return scalesOf(
        floorOfMagnitude, amaxes, count, encodes, decodes, largest, mantissaBits, epsilon, flags,
        scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast, outerEncode, outerDecode,
      );
    case twoLevel:
      return scalesOf(
        twoLevel, amaxes, count, encodes, decodes, largest, mantissaBits, epsilon, flags,
        scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast, outerEncode, outerDecode,
      );
    default:
      return scalesOf(
        chain, amaxes, count, encodes, decodes, largest, mantissaBits, epsilon, flags,
        scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast, outerEncode, outerDecode,
      );
  }
}

@inline
function scalesOf(
  chain: i32, amaxes: usize, count: i32, encodes: usize, decodes: usize,
  largest: f32, mantissaBits: i32, epsilon: f32, flags: i32,
  scaleMantissaBits: i32, scaleMinimumExponent: i32, scaleLargest: f32, scaleLeast: f32,
  outerEncode: f32, outerDecode: f32,
): i32 {
  const inverse: f32 = 1 / largest;
  let isRegular: i32 = 1;
  while (count > 0) {
    let single = min(count, 4);
    if (single == 4) {
      const isDone = chain <= midmax
        ? fourPowers(amaxes, encodes, decodes, chain, largest, inverse, mantissaBits, flags)
        : fourFloats(
          amaxes, encodes, decodes, chain, largest, inverse, epsilon, flags,
          scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast, outerEncode, outerDecode,
        );
      if (isDone) {
        single = 0;
        count -= 4;
        amaxes += 16;
        encodes += 16;
        decodes += 16;
      }
    }
    for (; single > 0; single--) {
      isRegular &= oneScale(
        amaxes, encodes, decodes, chain, largest, mantissaBits, epsilon, flags,
        scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast, outerEncode, outerDecode,
      );
      count--;
      amaxes += 4;
      encodes += 4;
      decodes += 4;
    }
  }
  return isRegular;
}

/**
 * Four E8M0 scales by integer operations on the bits of float32, where these suffice: for finite magnitudes, and
 * largest elements of 2 or more, whose scales for subnormal magnitudes are all the least one. False if they do not.
 */
@inline
function fourPowers(
  amaxes: usize, encodes: usize, decodes: usize, chain: i32, largest: f32, inverse: f32, mantissaBits: i32, flags: i32,
): bool {
  let amax = v128.load(amaxes);
  const largestExponent = exponentOf(<f64>largest);
  const infinity = i32x4.splat(0x7f800000), one = i32x4.splat(1);
  if (largestExponent < 1 || v128.any_true(i32x4.ge_s(amax, infinity))) return false;
  let offset = i32x4.splat(largestExponent), up = i32x4.splat(0);
  const fraction = i32x4.splat(0x7fffff);
  if (chain == ceilOfMagnitude) {
    up = i32x4.ne(v128.and(amax, fraction), up);
  } else if (chain == ceilOfQuotient) {
    amax = f32x4.mul(amax, f32x4.splat(inverse));
    const least = v128.and(i32x4.lt_s(amax, i32x4.splat(0x800000)), i32x4.splat(0x400000));
    up = i32x4.gt_s(v128.and(amax, fraction), least);
    offset = i32x4.splat(0);
  } else if (chain == evenMagnitude) {
    amax = i32x4.add(amax, i32x4.splat(1 << (22 - mantissaBits)));
    if (v128.any_true(i32x4.ge_s(amax, infinity))) return false;
  } else if (chain == midmax) {
    const power = doublePower(largestExponent);
    const middle = <f32>((<f64>largest + 2 * power) / (2 * power));
    up = i32x4.gt_s(v128.and(amax, fraction), i32x4.splat(reinterpret<i32>(middle) & 0x7fffff));
  }
  // Comparisons give -1 where they hold.
  const field = i32x4.sub(i32x4.shr_u(amax, 23), v128.and(up, i32x4.splat(-1)));
  const code = i32x4.max_s(i32x4.sub(field, offset), i32x4.splat(0));
  const subnormal = i32x4.splat(0x400000), isLeast = i32x4.eq(code, i32x4.splat(0));
  const opposite = i32x4.sub(i32x4.splat(254), code);
  let encode = v128.bitselect(subnormal, i32x4.shl(opposite, 23), i32x4.lt_s(opposite, one));
  if (flags & keepsTiny) encode = v128.bitselect(f32x4.splat(1), encode, isLeast);
  v128.store(encodes, encode);
  v128.store(decodes, v128.bitselect(subnormal, i32x4.shl(code, 23), isLeast));
  return true;
}

/** Four scales of the other chains; false where a scale is not finite, or rounded to a power of two and subnormal. */
@inline
function fourFloats(
  amaxes: usize, encodes: usize, decodes: usize, chain: i32, largest: f32, inverse: f32, epsilon: f32, flags: i32,
  scaleMantissaBits: i32, scaleMinimumExponent: i32, scaleLargest: f32, scaleLeast: f32,
  outerEncode: f32, outerDecode: f32,
): bool {
  const amax = v128.load(amaxes), one = f32x4.splat(1), zero = f32x4.splat(0);
  const infinity = f32x4.splat(f32.POSITIVE_INFINITY), limit = f32x4.splat(f32.MAX_VALUE);
  let encode: v128, decode: v128;
  if (chain <= reciprocal) {
    const raised = f32x4.pmax(amax, f32x4.splat(epsilon));
    const quotient = chain == encodeFirst
      ? f32x4.pmin(f32x4.div(f32x4.splat(largest), raised), limit)
      : f32x4.div(raised, f32x4.splat(largest));
    const isUnset = f32x4.eq(chain == encodeFirst ? raised : quotient, zero);
    let scale = v128.bitselect(one, quotient, isUnset);
    if (flags & isPowerOfTwo) {
      if (v128.any_true(i32x4.lt_s(scale, i32x4.splat(0x800000)))) return false;
      const up = chain == encodeFirst ? 0 : 0x7fffff;
      scale = v128.and(i32x4.add(scale, i32x4.splat(up)), i32x4.splat(0x7f800000));
    }
    const other = f32x4.div(one, scale);
    encode = chain == encodeFirst || chain == divide ? scale : f32x4.pmin(other, limit);
    decode = chain == encodeFirst ? other : scale;
  } else {
    let exact: v128;
    if (chain == twoLevel) {
      exact = f32x4.pmin(f32x4.mul(amax, f32x4.splat(outerEncode * inverse)), limit);
    } else {
      exact = f32x4.div(amax, f32x4.splat(largest));
      if (chain != rounded) exact = f32x4.div(exact, f32x4.splat(outerEncode));
    }
    const stored = roundScales(exact, scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast);
    if (chain == twoLevel) {
      encode = f32x4.div(one, f32x4.mul(stored, f32x4.splat(outerDecode)));
      decode = stored;
    } else if (chain == rounded) {
      encode = f32x4.div(one, stored);
      decode = stored;
    } else {
      encode = f32x4.div(f32x4.splat(1 / outerEncode), stored);
      decode = f32x4.mul(f32x4.splat(outerEncode), stored);
    }
    encode = f32x4.pmin(encode, limit);
  }
  const areFinite = v128.and(
    f32x4.lt(amax, infinity),
    v128.and(f32x4.lt(encode, infinity), f32x4.lt(decode, infinity)),
  );
  if (!i32x4.all_true(areFinite)) return false;
  v128.store(encodes, encode);
  v128.store(decodes, decode);
  return true;
}

/** One scale, whatever the magnitude. */
function oneScale(
  amaxes: usize, encodes: usize, decodes: usize, chain: i32, largest: f32, mantissaBits: i32, epsilon: f32, flags: i32,
  scaleMantissaBits: i32, scaleMinimumExponent: i32, scaleLargest: f32, scaleLeast: f32,
  outerEncode: f32, outerDecode: f32,
): i32 {
  const amax = load<f32>(amaxes);
  let encode: f32, decode: f32;
  if (chain <= midmax) {
    const exponent = scaleExponent(amax, chain, largest, mantissaBits, (flags & saturatesScale) != 0);
    decode = exponent == noExponent ? f32.NaN : powerOfTwo(exponent);
    encode = exponent == -127 && (flags & keepsTiny) != 0 ? 1 : 1 / decode;
  } else if (chain == encodeFirst) {
    const magnitude = max(amax, epsilon);
    encode = magnitude == 0 ? 1 : limited(largest / magnitude);
    if ((flags & isPowerOfTwo) != 0 && encode > 0) encode = powerBelow(encode);
    decode = 1 / encode;
  } else if (chain == divide || chain == reciprocal) {
    decode = max(amax, epsilon) / largest;
    if ((flags & isPowerOfTwo) != 0 && decode > 0 && decode < f32.POSITIVE_INFINITY) decode = powerAbove(decode);
    if (decode == 0) decode = 1;
    encode = chain == divide ? decode : limited(1 / decode);
  } else if (chain == rounded) {
    decode = roundScale(amax / largest, scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast);
    encode = limited(1 / decode);
  } else if (chain == twoLevel) {
    const exact = limited(amax * (outerEncode * (1 / largest)));
    decode = roundScale(exact, scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast);
    encode = limited(1 / (decode * outerDecode));
  } else {
    const exact = amax / largest / outerEncode;
    const stored = roundScale(exact, scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast);
    encode = limited((1 / outerEncode) / stored);
    decode = outerEncode * stored;
  }
  store<f32>(encodes, encode);
  store<f32>(decodes, decode);
  const areFinite = i32(abs(encode) < f32.POSITIVE_INFINITY) & i32(abs(decode) < f32.POSITIVE_INFINITY);
  return areFinite & i32(abs(amax) < f32.POSITIVE_INFINITY);
}

/** The exponent of an E8M0 scale, -127 to 127, or `noExponent`. */
@inline
function scaleExponent(amax: f32, chain: i32, largest: f32, mantissaBits: i32, saturates: bool): i32 {
  if (amax != amax) return noExponent;
  const beyond = saturates ? 127 : noExponent;
  if (amax == f32.POSITIVE_INFINITY) return beyond;
  if (amax == 0) return -127;
  const largestExponent = exponentOf(<f64>largest);
  const magnitude = <f64>amax;
  let exponent: i32;
  if (chain == floorOfMagnitude) {
    exponent = exponentOf(magnitude) - largestExponent;
  } else if (chain == ceilOfMagnitude) {
    exponent = ceilingExponent(magnitude) - largestExponent;
  } else if (chain == ceilOfQuotient) {
    const scale = amax * (1 / largest);
    if (scale == 0) return -127;
    exponent = ceilingExponent(<f64>scale);
  } else if (chain == evenMagnitude) {
    const rounded = exponentOf(magnitude + doublePower(exponentOf(magnitude) - mantissaBits - 1));
    if (rounded > 127 && !saturates) return noExponent;
    exponent = rounded - largestExponent;
  } else {
    exponent = exponentOf(magnitude) - largestExponent;
    const middle = (<f64>largest + doublePower(largestExponent + 1)) / 2;
    if (magnitude > middle * doublePower(exponent)) exponent++;
  }
  return exponent > 127 ? beyond : max(exponent, -127);
}

/** One of `roundScales`. */
@inline
function roundScale(x: f32, mantissaBits: i32, minimumExponent: i32, largest: f32, least: f32): f32 {
  const scales = roundScales(f32x4.splat(x), mantissaBits, minimumExponent, largest, least);
  return f32x4.extract_lane(scales, 0);
}

/**
 * Clamped to the scales of a narrow format, and rounded to nearest even by an addition. NaN stays, as it does wherever
 * it is the first argument of pmin or pmax.
 */
@inline
export function roundScales(x: v128, mantissaBits: i32, minimumExponent: i32, largest: f32, least: f32): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(largest)), f32x4.splat(least));
  const field = v128.and(clamped, i32x4.splat(0x7f800000));
  const exponent = i32x4.max_s(field, i32x4.splat((minimumExponent + 127) << 23));
  const c = i32x4.add(exponent, i32x4.splat((23 - mantissaBits) << 23));
  return f32x4.sub(f32x4.add(clamped, c), c);
}

/** min(x, largest float32); NaN stays. */
@inline
function limited(x: f32): f32 {
  return min(x, f32.MAX_VALUE);
}

@inline
function exponentOf(x: f64): i32 {
  return (<i32>(reinterpret<u64>(x) >> 52) & 0x7ff) - 1023;
}

@inline
function ceilingExponent(x: f64): i32 {
  return exponentOf(x) + i32((reinterpret<u64>(x) & 0xfffffffffffff) != 0);
}

@inline
function doublePower(exponent: i32): f64 {
  return reinterpret<f64>(<u64>(exponent + 1023) << 52);
}

@inline
function powerOfTwo(exponent: i32): f32 {
  return <f32>doublePower(exponent);
}

@inline
function powerBelow(x: f32): f32 {
  return powerOfTwo(exponentOf(<f64>x));
}

@inline
function powerAbove(x: f32): f32 {
  return powerOfTwo(ceilingExponent(<f64>x));
}
