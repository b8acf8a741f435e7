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
const twoLevelTorchao: i32 = 10;

// Bits of `flags`.
const isPowerOfTwo: i32 = 1;
const saturatesScale: i32 = 2;
const keepsTiny: i32 = 4;

/** Stands for the exponent of the scale that is NaN. */
const noExponent: i32 = 128;

/**
 * Writes for each of `count` magnitudes the encode multiplier (or divisor) and the decode scale of its block.
 * @returns whether all magnitudes and multipliers are finite
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
  const factor = outerEncode * (1 / largest);
  let isRegular: i32 = 1;
  for (const end = amaxes + (<usize>count << 2); amaxes < end; amaxes += 4) {
    const amax = load<f32>(amaxes);
    let encode: f32, decode: f32;
    if (chain == twoLevel) {
      decode = roundScale(
        limited(amax * factor), scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast,
      );
      encode = limited(1 / (decode * outerDecode));
    } else if (chain <= midmax) {
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
      decode = roundScale(
        amax / largest, scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast,
      );
      encode = limited(1 / decode);
    } else {
      const stored = roundScale(
        amax / largest / outerEncode, scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast,
      );
      encode = limited((1 / outerEncode) / stored);
      decode = outerEncode * stored;
    }
    isRegular &= i32(abs(amax) < f32.POSITIVE_INFINITY) & i32(abs(encode) < f32.POSITIVE_INFINITY);
    isRegular &= i32(abs(decode) < f32.POSITIVE_INFINITY);
    store<f32>(encodes, encode);
    store<f32>(decodes, decode);
    encodes += 4;
    decodes += 4;
  }
  return isRegular;
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

/** x clamped to the scales of a narrow format, and rounded to nearest even by an addition. */
@inline
export function roundScale(x: f32, mantissaBits: i32, minimumExponent: i32, largest: f32, least: f32): f32 {
  const clamped = max(min(x, largest), least);
  const exponent = max(reinterpret<i32>(clamped) & 0x7f800000, (minimumExponent + 127) << 23);
  const c = reinterpret<f32>(exponent + ((23 - mantissaBits) << 23));
  return clamped + c - c;
}

/** min(x, largest float32); NaN stays. */
@inline
export function limited(x: f32): f32 {
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
