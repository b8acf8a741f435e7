// Fake quantization: float32 in, the values of a narrower format out, still as float32.
// `../reference/quantize.ts` says what each result must be.
import {CastConstants} from "./cast-constants";
import {castFour, roundByAddition} from "./cast-vector";
import {mixIndex, mixPlace, mixers, roundingKey} from "./rounding-bits";
import {constant, loadUpToFour, storeUpToFour} from "./vector-math";

/** The loops, each for what it names; values that one does not suit leave it for `castAny`, eight at a time. */
enum Loop {
  /** `castAny` alone: with vectors only for random bits, or as a whole. */
  Exact, Any,
  /** To nearest even by float32 addition; with "Clamped", what is beyond the largest value becomes the largest. */
  Addition, AdditionClamped,
  /** The same where negative zeros become positive: zeros get their sign from the addition. */
  OneZero, OneZeroClamped,
  /** By integer addition, where the format has float32's spacing times a power of two. */
  Bits,
  /** Stochastic, by integer addition of random bits. */
  Stochastic, StochasticClamped,
}

/** How a loop multiplies before the cast and divides after it. Constants, so that each becomes a loop of its own. */
enum Scaling {
  None,
  /** By a power of two: dividing is multiplying by the inverse. */
  Power,
  Any,
}

const slot = memory.data(2312, 16);

/** Room for one prepared cast. */
export function castSlot(): usize {
  return slot;
}

/** Sets the random bits of a prepared cast to those of a seed, stream and step. */
export function setRoundingKey(cast: usize, seed: u32, stream: u32, step: u32): void {
  roundingKey(seed, stream, step, cast + offsetof<CastConstants>("key0"));
}

/**
 * out = cast(x · scale) / scale, each step rounded to float32. `out` may be `x`. NaN results have the bits 0x7fc00000.
 *
 * @param cast address of a prepared cast (`CastConstants`)
 * @param scale finite and not zero; a power of two is fastest
 * @param startIndex index of the first element, which decides the random bits of stochastic modes
 * @param words address of a word of random bits for each element; 0 for those of `setRoundingKey`
 */
export function castWith(
  cast: usize, x: usize, out: usize, count: i32, scale: f32, startIndex: u32, words: usize,
): void {
  const loop = changetype<CastConstants>(cast).loop;
  const whole = count & ~7;
  if (whole && loop > Loop.Any && !(words && loop >= Loop.Stochastic)) {
    if (scale == 1) castWhole(loop, cast, x, out, whole, 1, Scaling.None, startIndex);
    else if (hasExactInverse(scale)) castWhole(loop, cast, x, out, whole, scale, Scaling.Power, startIndex);
    else castWhole(loop, cast, x, out, whole, scale, Scaling.Any, startIndex);
    const done = <usize>whole << 2;
    castAny(cast, x + done, out + done, count & 7, scale, startIndex + whole, words ? words + done : 0);
  } else {
    castAny(cast, x, out, count, scale, startIndex, words);
  }
}

/** `castWith` for a multiple of eight values. */
@inline
function castWhole(
  loop: i32, cast: usize, x: usize, out: usize, count: i32, scale: f32, scaling: Scaling, startIndex: u32,
): void {
  switch (loop) {
    case Loop.Addition: castByAddition(cast, x, out, count, scale, scaling, false); break;
    case Loop.AdditionClamped: castByAddition(cast, x, out, count, scale, scaling, true); break;
    case Loop.OneZero: castToOneZero(cast, x, out, count, scale, scaling, false); break;
    case Loop.OneZeroClamped: castToOneZero(cast, x, out, count, scale, scaling, true); break;
    case Loop.Bits: castByBits(cast, x, out, count, scale, scaling); break;
    case Loop.Stochastic: castStochastically(cast, x, out, count, scale, scaling, startIndex, false); break;
    case Loop.StochasticClamped: castStochastically(cast, x, out, count, scale, scaling, startIndex, true); break;
  }
}

/** Masks and factors that the loops load into registers; see `constant` in vector-math.ts. */
const masks = memory.data<u32>([0x7fffffff, 0x80000000, 0x7f800000, 1], 16);

@inline
function castByAddition(
  cast: usize, x: usize, out: usize, count: i32, scale: f32, scaling: Scaling, isClamped: bool,
): void {
  const c = changetype<CastConstants>(cast);
  const mask = i32x4.splat(c.mask), limit = i32x4.splat(c.limit), largest = f32x4.splat(c.largest);
  const minimum = i32x4.splat(c.minimum), lift = i32x4.splat(c.lift);
  const exponents = constant(masks, 2), signs = constant(masks, 1);
  const scales = f32x4.splat(scale), inverse = f32x4.splat(1 / scale);
  const end = x + (<usize>count << 2);
  while (x < end) {
    // A call inside the loop would cost it its registers: eight values that need one leave it, and it starts again.
    do {
      const x0 = scaled(v128.load(x), scales, scaling), x1 = scaled(v128.load(x, 16), scales, scaling);
      let magnitude0 = v128.and(x0, mask), magnitude1 = v128.and(x1, mask);
      if (v128.any_true(i32x4.gt_u(i32x4.max_u(magnitude0, magnitude1), limit))) break;
      if (isClamped) {
        magnitude0 = f32x4.pmin(magnitude0, largest);
        magnitude1 = f32x4.pmin(magnitude1, largest);
      }
      const y0 = v128.or(roundByAddition(magnitude0, minimum, lift, exponents), v128.and(x0, signs));
      const y1 = v128.or(roundByAddition(magnitude1, minimum, lift, exponents), v128.and(x1, signs));
      v128.store(out, unscaled(y0, scales, inverse, scaling));
      v128.store(out, unscaled(y1, scales, inverse, scaling), 16);
      x += 32;
      out += 32;
    } while (x < end);
    if (x < end) {
      castAny(cast, x, out, 8, scale, 0, 0);
      x += 32;
      out += 32;
    }
  }
}

@inline
function castToOneZero(
  cast: usize, x: usize, out: usize, count: i32, scale: f32, scaling: Scaling, isClamped: bool,
): void {
  const c = changetype<CastConstants>(cast);
  const mask = i32x4.splat(c.mask), limit = i32x4.splat(c.limit);
  const largest = f32x4.splat(c.largest), lowest = f32x4.splat(c.lowest);
  const minimum = i32x4.splat(c.minimum), lift = i32x4.splat(c.lift | 0x400000), exponents = constant(masks, 2);
  const scales = f32x4.splat(scale), inverse = f32x4.splat(1 / scale);
  const end = x + (<usize>count << 2);
  while (x < end) {
    do {
      let x0 = scaled(v128.load(x), scales, scaling), x1 = scaled(v128.load(x, 16), scales, scaling);
      if (v128.any_true(i32x4.gt_u(i32x4.max_u(v128.and(x0, mask), v128.and(x1, mask)), limit))) break;
      if (isClamped) {
        x0 = f32x4.pmax(f32x4.pmin(x0, largest), lowest);
        x1 = f32x4.pmax(f32x4.pmin(x1, largest), lowest);
      }
      const y0 = roundByAddition(x0, minimum, lift, exponents);
      const y1 = roundByAddition(x1, minimum, lift, exponents);
      v128.store(out, unscaled(y0, scales, inverse, scaling));
      v128.store(out, unscaled(y1, scales, inverse, scaling), 16);
      x += 32;
      out += 32;
    } while (x < end);
    if (x < end) {
      castAny(cast, x, out, 8, scale, 0, 0);
      x += 32;
      out += 32;
    }
  }
}

/**
 * Where float32's own spacing serves above and below the smallest normal value, rounding is cutting after an addition,
 * in any mode that adds the same to both signs.
 */
@inline
function castByBits(cast: usize, x: usize, out: usize, count: i32, scale: f32, scaling: Scaling): void {
  const c = changetype<CastConstants>(cast);
  const mask = i32x4.splat(c.mask), tiny = i32x4.splat(c.tiny), limit = i32x4.splat(c.limit);
  const dropped = c.dropped, kept = i32x4.splat(c.kept);
  const always = i32x4.splat(c.always), ifOdd = i32x4.splat(c.ifOdd);
  const scales = f32x4.splat(scale), inverse = f32x4.splat(1 / scale);
  const end = x + (<usize>count << 2);
  while (x < end) {
    do {
      const x0 = scaled(v128.load(x), scales, scaling), x1 = scaled(v128.load(x, 16), scales, scaling);
      const above0 = i32x4.sub(v128.and(x0, mask), tiny), above1 = i32x4.sub(v128.and(x1, mask), tiny);
      if (v128.any_true(i32x4.gt_u(i32x4.max_u(above0, above1), limit))) break;
      const odd0 = v128.and(i32x4.shr_u(x0, dropped), ifOdd), odd1 = v128.and(i32x4.shr_u(x1, dropped), ifOdd);
      const y0 = v128.and(i32x4.add(i32x4.add(x0, always), odd0), kept);
      const y1 = v128.and(i32x4.add(i32x4.add(x1, always), odd1), kept);
      v128.store(out, unscaled(y0, scales, inverse, scaling));
      v128.store(out, unscaled(y1, scales, inverse, scaling), 16);
      x += 32;
      out += 32;
    } while (x < end);
    if (x < end) {
      castAny(cast, x, out, 8, scale, 0, 0);
      x += 32;
      out += 32;
    }
  }
}

/**
 * The carry of random bits, added below the kept ones, rounds up. Below the smallest normal value, adding that value
 * first brings magnitudes to the spacing above it; what this cuts off matters to one sum of 2^dropped in two, which
 * `castAny` decides.
 */
@inline
function castStochastically(
  cast: usize, x: usize, out: usize, count: i32, scale: f32, scaling: Scaling, startIndex: u32, isClamped: bool,
): void {
  const c = changetype<CastConstants>(cast);
  const mask = i32x4.splat(c.mask), limit = i32x4.splat(c.limit), largest = f32x4.splat(c.largest);
  const minimum = i32x4.splat(c.minimum), kept = i32x4.splat(c.kept), signs = constant(masks, 1);
  const close = i32x4.splat(~c.kept & ~1), one = constant(masks, 3);
  const flip = i32x4.splat(c.randomFlip), used = i32x4.splat(c.randomMask), offset = i32x4.splat(c.randomOffset);
  const shift = c.randomShift, zero = f32x4.splat(c.zero);
  const key1 = i32x4.splat(c.key1);
  const mixer1 = constant(mixers, 1), mixer2 = constant(mixers, 2);
  const scales = f32x4.splat(scale), inverse = f32x4.splat(1 / scale);
  const spread = constant(mixers, 0);
  const fourth = i32x4.mul(i32x4.splat(4), spread), eighth = i32x4.mul(i32x4.splat(8), spread);
  let place = i32x4.add(
    i32x4.mul(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(startIndex)), spread),
    i32x4.splat(c.key0),
  );
  const begin = x, end = x + (<usize>count << 2);
  while (x < end) {
    do {
      const x0 = scaled(v128.load(x), scales, scaling), x1 = scaled(v128.load(x, 16), scales, scaling);
      let magnitude0 = v128.and(x0, mask), magnitude1 = v128.and(x1, mask);
      if (v128.any_true(i32x4.gt_u(i32x4.max_u(magnitude0, magnitude1), limit))) break;
      if (isClamped) {
        magnitude0 = f32x4.pmin(magnitude0, largest);
        magnitude1 = f32x4.pmin(magnitude1, largest);
      }
      const isBelow0 = i32x4.gt_s(minimum, magnitude0), isBelow1 = i32x4.gt_s(minimum, magnitude1);
      const carrier0 = v128.and(isBelow0, minimum), carrier1 = v128.and(isBelow1, minimum);
      const random0 = v128.xor(mixPlace(place, key1, mixer1, mixer2), flip);
      const random1 = v128.xor(mixPlace(i32x4.add(place, fourth), key1, mixer1, mixer2), flip);
      const added0 = i32x4.add(v128.and(i32x4.shr_s(random0, shift), used), offset);
      const added1 = i32x4.add(v128.and(i32x4.shr_s(random1, shift), used), offset);
      const sum0 = i32x4.add(f32x4.add(magnitude0, carrier0), added0);
      const sum1 = i32x4.add(f32x4.add(magnitude1, carrier1), added1);
      const isClose0 = i32x4.eq(v128.and(i32x4.add(sum0, one), close), i32x4.splat(0));
      const isClose1 = i32x4.eq(v128.and(i32x4.add(sum1, one), close), i32x4.splat(0));
      if (v128.any_true(v128.or(v128.and(isClose0, isBelow0), v128.and(isClose1, isBelow1)))) break;
      const y0 = f32x4.add(v128.or(f32x4.sub(v128.and(sum0, kept), carrier0), v128.and(x0, signs)), zero);
      const y1 = f32x4.add(v128.or(f32x4.sub(v128.and(sum1, kept), carrier1), v128.and(x1, signs)), zero);
      v128.store(out, unscaled(y0, scales, inverse, scaling));
      v128.store(out, unscaled(y1, scales, inverse, scaling), 16);
      place = i32x4.add(place, eighth);
      x += 32;
      out += 32;
    } while (x < end);
    if (x < end) {
      castAny(cast, x, out, 8, scale, startIndex + (<u32>(x - begin) >> 2), 0);
      place = i32x4.add(place, eighth);
      x += 32;
      out += 32;
    }
  }
}

@inline
function scaled(x: v128, scales: v128, scaling: Scaling): v128 {
  return scaling == Scaling.None ? x : f32x4.mul(x, scales);
}

@inline
function unscaled(y: v128, scales: v128, inverse: v128, scaling: Scaling): v128 {
  if (scaling == Scaling.None) return y;
  return scaling == Scaling.Power ? f32x4.mul(y, inverse) : f32x4.div(y, scales);
}

/** Whether scale and 1 / scale are both normal powers of two, so that multiplying is as good as dividing. */
function hasExactInverse(scale: f32): bool {
  const bits = reinterpret<i32>(scale);
  const exponent = (bits >> 23) & 0xff;
  return (bits & 0x7fffff) == 0 && exponent > 0 && exponent < 254;
}

/** `castWith` for any cast, value, scale and count. */
function castAny(cast: usize, x: usize, out: usize, count: i32, scale: f32, startIndex: u32, words: usize): void {
  const c = changetype<CastConstants>(cast);
  const scales = f32x4.splat(scale);
  const key0 = i32x4.splat(c.key0), key1 = i32x4.splat(c.key1);
  let index = i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(startIndex));
  for (; count > 0; count -= 4) {
    const some = min(count, 4);
    const value = loadUpToFour(x, some);
    // A NaN keeps its sign, which a policy may ask for and multiplication need not keep.
    const product = v128.bitselect(f32x4.mul(value, scales), value, f32x4.eq(value, value));
    const random = words ? loadUpToFour(words, some) : mixIndex(index, key0, key1);
    const y = f32x4.div(castFour(cast, product, random), scales);
    storeUpToFour(out, v128.bitselect(y, i32x4.splat(0x7fc00000), f32x4.eq(y, y)), some);
    index = i32x4.add(index, i32x4.splat(4));
    x += 16;
    out += 16;
    if (words) words += 16;
  }
}
