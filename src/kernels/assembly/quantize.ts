// Fake quantization: float32 in, the values of a narrower format out, still as float32.
// `../reference/quantize.ts` says what each result must be.
import {boundsOffset, CastConstants, codebookOffset, longBoundsOffset, takesHalves} from "./cast-constants";
import {castFour, roundByAddition} from "./cast-vector";
import {firstHalves, lastHalves, mixHalf, mixIndex, mixPlace, mixers, roundingKey} from "./rounding-bits";
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
  /** To a short list of values by comparison with each bound between them. */
  Codebook,
  /** Deterministic modes of all kinds, by integer addition. */
  Directed,
  /** Stochastic, with a rounding to as many bits as are random before. */
  StochasticTwice,
  /** To a long list of values by bisection between the bounds. */
  LongCodebook,
}

const slot = memory.data(4368, 16);

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
  const isApart = usesRandomBits(loop) && (words || splitsPairs(cast, startIndex, count));
  const whole = loop <= Loop.Any || isApart ? 0 : count & ~7;
  if (whole) {
    if (loop == Loop.Codebook) castToCodebook(cast, x, out, whole, scale);
    else if (loop == Loop.LongCodebook) castToLongCodebook(cast, x, out, whole, scale);
    else if (loop == Loop.Directed && scale == 1) castByDirection(cast, x, out, whole, 1, true);
    else if (loop == Loop.Directed) castByDirection(cast, x, out, whole, scale, false);
    else if (loop != Loop.Bits && isFoldable(cast, scale)) castWhole(cast, x, out, whole, scale, true, startIndex);
    else if (scale == 1) castWhole(cast, x, out, whole, 1, true, startIndex);
    else castWhole(cast, x, out, whole, scale, false, startIndex);
  }
  const done = <usize>whole << 2;
  castAny(cast, x + done, out + done, count - whole, scale, startIndex + whole, words ? words + done : 0);
}

@inline
function usesRandomBits(loop: i32): bool {
  return loop == Loop.Stochastic || loop == Loop.StochasticClamped || loop == Loop.StochasticTwice;
}

/** Whether the first element is the second one of a pair that shares its random bits, or indices begin anew on the way. */
@inline
function splitsPairs(cast: usize, startIndex: u32, count: i32): bool {
  return takesHalves(changetype<CastConstants>(cast)) && ((startIndex & 1) != 0 || startIndex + count < startIndex);
}

/**
 * Whether to cast with a scale is to cast without it to a format whose values are divided by the scale: a power of two
 * that takes no bound out of float32's normal range. What the scale makes subnormal in float32 rounds to zero.
 */
function isFoldable(cast: usize, scale: f32): bool {
  const c = changetype<CastConstants>(cast);
  const bits = reinterpret<i32>(scale);
  const exponent = (bits >> 23) - 127;
  if (bits <= 0 || (bits & 0x7fffff) != 0 || exponent < -126) return false;
  const lowest = c.minimum - (exponent << 23), highest = reinterpret<i32>(c.largest) - (exponent << 23);
  const largestAddable = (254 << 23) - c.lift - 1;
  const isRoomyBelow = c.minimumExponent - c.mantissaBits > -125 && exponent > -127 && exponent < 127;
  return isRoomyBelow && lowest >= 0x00800000 && highest >= lowest && highest <= largestAddable;
}

/**
 * `castWith` for a multiple of eight values. `isFolded` says that the scale goes into the constants; else values are
 * multiplied before the cast and divided after it. A constant, so that each loop exists for either.
 *
 * Values that a loop cannot do are found out before they are scaled, by a limit that leaves room for rounding.
 */
@inline
function castWhole(
  cast: usize, x: usize, out: usize, count: i32, scale: f32, isFolded: bool, startIndex: u32,
): void {
  switch (changetype<CastConstants>(cast).loop) {
    case Loop.Addition: castByAddition(cast, x, out, count, scale, isFolded, false); break;
    case Loop.AdditionClamped: castByAddition(cast, x, out, count, scale, isFolded, true); break;
    case Loop.OneZero: castToOneZero(cast, x, out, count, scale, isFolded, false); break;
    case Loop.OneZeroClamped: castToOneZero(cast, x, out, count, scale, isFolded, true); break;
    case Loop.Bits: castByBits(cast, x, out, count, scale, isFolded); break;
    case Loop.Stochastic: castStochastically(cast, x, out, count, scale, isFolded, startIndex, false, false); break;
    case Loop.StochasticClamped:
      castStochastically(cast, x, out, count, scale, isFolded, startIndex, true, false);
      break;
    case Loop.StochasticTwice:
      castStochastically(cast, x, out, count, scale, isFolded, startIndex, false, true);
      break;
  }
}

/** Whether any lane is above the limit, unsigned; the limit has no sign bit. By sign bits, which V8 tests fastest. */
@inline
function isBeyond(bits: v128, limit: v128): bool {
  return i32x4.bitmask(v128.or(bits, i32x4.sub(limit, bits))) != 0;
}

/** Bits of a magnitude up to which the scaled one is within the limit. */
@inline
function limitBefore(limit: i32, scale: f32): i32 {
  if (limit == 0x7f800000 || scale == 1) return limit;
  return max(reinterpret<i32>(reinterpret<f32>(limit) / abs(scale)) - 2, 0);
}

/** Bits of the smallest normal value divided by the scale, where that is folded. */
@inline
function foldedMinimum(minimum: i32, scale: f32, isFolded: bool): i32 {
  return isFolded ? minimum - (reinterpret<i32>(scale) - 0x3f800000) : minimum;
}

/** Masks that the loops load into registers; see `constant` in vector-math.ts. */
const masks = memory.data<u32>([0x7fffffff, 0x80000000, 0x7f800000, 1], 16);

@inline
function castByAddition(
  cast: usize, x: usize, out: usize, count: i32, scale: f32, isFolded: bool, isClamped: bool,
): void {
  const c = changetype<CastConstants>(cast);
  const mask = i32x4.splat(c.mask), limit = i32x4.splat(limitBefore(c.limit, scale));
  const minimum = i32x4.splat(foldedMinimum(c.minimum, scale, isFolded)), lift = i32x4.splat(c.lift);
  const largest = f32x4.splat(isFolded ? c.largest / scale : c.largest);
  const exponents = constant(masks, 2), signs = constant(masks, 1), scales = f32x4.splat(scale);
  const end = x + (<usize>count << 2);
  while (x < end) {
    // A call inside the loop would cost it its registers: eight values that need one leave it, and it starts again.
    do {
      const bits = i32x4.max_u(v128.and(v128.load(x), mask), v128.and(v128.load(x, 16), mask));
      if (isBeyond(bits, limit)) break;
      const x0 = scaled(v128.load(x), scales, isFolded);
      let magnitude0 = v128.and(x0, mask);
      if (isClamped) magnitude0 = i32x4.min_s(magnitude0, largest);
      const y0 = v128.or(roundByAddition(magnitude0, minimum, lift, exponents), v128.and(x0, signs));
      const x1 = scaled(v128.load(x, 16), scales, isFolded);
      let magnitude1 = v128.and(x1, mask);
      if (isClamped) magnitude1 = i32x4.min_s(magnitude1, largest);
      const y1 = v128.or(roundByAddition(magnitude1, minimum, lift, exponents), v128.and(x1, signs));
      v128.store(out, unscaled(y0, scales, isFolded));
      v128.store(out, unscaled(y1, scales, isFolded), 16);
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
  cast: usize, x: usize, out: usize, count: i32, scale: f32, isFolded: bool, isClamped: bool,
): void {
  const c = changetype<CastConstants>(cast);
  const mask = i32x4.splat(c.mask), limit = i32x4.splat(limitBefore(c.limit, scale));
  const largest = f32x4.splat(isFolded ? c.largest / scale : c.largest);
  const lowest = f32x4.splat(isFolded ? c.lowest / scale : c.lowest);
  const minimum = i32x4.splat(foldedMinimum(c.minimum, scale, isFolded)), lift = i32x4.splat(c.lift | 0x400000);
  const exponents = constant(masks, 2), scales = f32x4.splat(scale);
  const end = x + (<usize>count << 2);
  while (x < end) {
    do {
      const bits = i32x4.max_u(v128.and(v128.load(x), mask), v128.and(v128.load(x, 16), mask));
      if (isBeyond(bits, limit)) break;
      let x0 = scaled(v128.load(x), scales, isFolded);
      if (isClamped) x0 = f32x4.pmax(f32x4.pmin(x0, largest), lowest);
      const y0 = roundByAddition(x0, minimum, lift, exponents);
      let x1 = scaled(v128.load(x, 16), scales, isFolded);
      if (isClamped) x1 = f32x4.pmax(f32x4.pmin(x1, largest), lowest);
      const y1 = roundByAddition(x1, minimum, lift, exponents);
      v128.store(out, unscaled(y0, scales, isFolded));
      v128.store(out, unscaled(y1, scales, isFolded), 16);
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
 * in any mode that adds the same to both signs. `isFolded` means that the scale is 1.
 */
@inline
function castByBits(cast: usize, x: usize, out: usize, count: i32, scale: f32, isFolded: bool): void {
  const c = changetype<CastConstants>(cast);
  const mask = i32x4.splat(c.mask), tiny = i32x4.splat(c.tiny), limit = i32x4.splat(c.limit);
  const dropped = c.dropped, kept = i32x4.splat(c.kept);
  const always = i32x4.splat(c.always), ifOdd = i32x4.splat(c.ifOdd), scales = f32x4.splat(scale);
  const end = x + (<usize>count << 2);
  while (x < end) {
    do {
      const x0 = scaled(v128.load(x), scales, isFolded), x1 = scaled(v128.load(x, 16), scales, isFolded);
      const above0 = i32x4.sub(v128.and(x0, mask), tiny), above1 = i32x4.sub(v128.and(x1, mask), tiny);
      if (isBeyond(i32x4.max_u(above0, above1), limit)) break;
      const odd0 = v128.and(i32x4.shr_u(x0, dropped), ifOdd), odd1 = v128.and(i32x4.shr_u(x1, dropped), ifOdd);
      const y0 = v128.and(i32x4.add(i32x4.add(x0, always), odd0), kept);
      const y1 = v128.and(i32x4.add(i32x4.add(x1, always), odd1), kept);
      v128.store(out, unscaled(y0, scales, isFolded));
      v128.store(out, unscaled(y1, scales, isFolded), 16);
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
 * first brings magnitudes to the spacing above it; what this cuts off matters where the sum comes within one unit of a
 * carry, which `castAny` decides. With `isTwice`, it matters where a sum is halfway between values of as many bits as are
 * random, to which it is rounded before.
 */
@inline
function castStochastically(
  cast: usize, x: usize, out: usize, count: i32, scale: f32, isFolded: bool, startIndex: u32, isClamped: bool,
  isTwice: bool,
): void {
  const c = changetype<CastConstants>(cast);
  const mask = i32x4.splat(c.mask), limit = i32x4.splat(limitBefore(c.limit, scale));
  const largest = f32x4.splat(isFolded ? c.largest / scale : c.largest);
  const minimum = i32x4.splat(foldedMinimum(c.minimum, scale, isFolded)), one = constant(masks, 3);
  const belowMinimum = i32x4.sub(minimum, one);
  const kept = i32x4.splat(c.kept), signs = constant(masks, 1), close = i32x4.splat(~c.kept & ~1);
  const firstDropped = c.firstDropped, firstKept = i32x4.splat(c.firstKept);
  const firstAlways = i32x4.splat(c.firstAlways), firstIfOdd = i32x4.splat(c.firstIfOdd);
  const firstHalf = i32x4.splat(1 << (firstDropped - 1));
  const flip = i32x4.splat(c.randomFlip), used = i32x4.splat(c.randomMask), shift = c.randomShift;
  const zero = f32x4.splat(c.zero), scales = f32x4.splat(scale);
  const key1 = i32x4.splat(c.key1), mixer1 = constant(mixers, 1), mixer2 = constant(mixers, 2);
  const spread = constant(mixers, 0), isByHalves = takesHalves(c);
  const fourth = i32x4.mul(i32x4.splat(4), spread), eighth = isByHalves ? fourth : i32x4.add(fourth, fourth);
  const firstWord = isByHalves ? startIndex >> 1 : startIndex;
  const first = i32x4.mul(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(firstWord)), spread);
  let place = i32x4.add(first, i32x4.splat(c.key0));
  const begin = x, end = x + (<usize>count << 2);
  while (x < end) {
    do {
      const bits = i32x4.max_u(v128.and(v128.load(x), mask), v128.and(v128.load(x, 16), mask));
      const beyond = v128.or(bits, i32x4.sub(limit, bits));
      let random0 = mixPlace(place, key1, mixer1, mixer2), random1 = random0;
      if (isByHalves) {
        random0 = firstHalves(random0);
        random1 = lastHalves(random1);
      } else {
        random1 = mixPlace(i32x4.add(place, fourth), key1, mixer1, mixer2);
      }
      const added0 = v128.and(i32x4.shr_s(v128.xor(random0, flip), shift), used);
      const x0 = scaled(v128.load(x), scales, isFolded);
      let magnitude0 = v128.and(x0, mask);
      if (isClamped) magnitude0 = i32x4.min_s(magnitude0, largest);
      const isAbove0 = i32x4.gt_s(magnitude0, belowMinimum);
      const carrier0 = v128.andnot(minimum, isAbove0);
      let sum0 = f32x4.add(magnitude0, carrier0), close0 = sum0;
      if (isTwice) {
        close0 = i32x4.sub(v128.xor(v128.andnot(sum0, firstKept), firstHalf), one);
        sum0 = roundFirst(sum0, firstDropped, firstKept, firstAlways, firstIfOdd, one);
      }
      sum0 = i32x4.add(sum0, added0);
      if (!isTwice) close0 = i32x4.sub(v128.and(i32x4.add(sum0, one), close), one);
      close0 = v128.andnot(close0, isAbove0);
      const y0 = v128.or(f32x4.sub(v128.and(sum0, kept), carrier0), v128.and(x0, signs));

      const added1 = v128.and(i32x4.shr_s(v128.xor(random1, flip), shift), used);
      const x1 = scaled(v128.load(x, 16), scales, isFolded);
      let magnitude1 = v128.and(x1, mask);
      if (isClamped) magnitude1 = i32x4.min_s(magnitude1, largest);
      const isAbove1 = i32x4.gt_s(magnitude1, belowMinimum);
      const carrier1 = v128.andnot(minimum, isAbove1);
      let sum1 = f32x4.add(magnitude1, carrier1), close1 = sum1;
      if (isTwice) {
        close1 = i32x4.sub(v128.xor(v128.andnot(sum1, firstKept), firstHalf), one);
        sum1 = roundFirst(sum1, firstDropped, firstKept, firstAlways, firstIfOdd, one);
      }
      sum1 = i32x4.add(sum1, added1);
      if (!isTwice) close1 = i32x4.sub(v128.and(i32x4.add(sum1, one), close), one);
      close1 = v128.andnot(close1, isAbove1);
      const y1 = v128.or(f32x4.sub(v128.and(sum1, kept), carrier1), v128.and(x1, signs));

      if (i32x4.bitmask(v128.or(beyond, v128.or(close0, close1)))) break;
      v128.store(out, unscaled(f32x4.add(y0, zero), scales, isFolded));
      v128.store(out, unscaled(f32x4.add(y1, zero), scales, isFolded), 16);
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
function roundFirst(sum: v128, dropped: i32, kept: v128, always: v128, ifOdd: v128, one: v128): v128 {
  const odd = i32x4.neg(v128.and(i32x4.shr_u(sum, dropped), one));
  return v128.and(i32x4.add(sum, i32x4.add(always, v128.and(odd, ifOdd))), kept);
}

/** The steps of `castFour` for ordinary values; `isFolded` means that the scale is 1. */
@inline
function castByDirection(cast: usize, x: usize, out: usize, count: i32, scale: f32, isFolded: bool): void {
  const c = changetype<CastConstants>(cast);
  const mask = i32x4.splat(c.mask), limit = i32x4.splat(limitBefore(c.limit, scale));
  const minimum = i32x4.splat(c.minimum), kept = i32x4.splat(c.kept), dropped = c.dropped;
  const always = i32x4.splat(c.always), ifOdd = i32x4.splat(c.ifOdd), ifNegative = i32x4.splat(c.ifNegative);
  const one = constant(masks, 3), signs = constant(masks, 1), none = f32x4.splat(0);
  const zero = f32x4.splat(c.zero), scales = f32x4.splat(scale);
  const end = x + (<usize>count << 2);
  while (x < end) {
    do {
      const bits = i32x4.max_u(v128.and(v128.load(x), mask), v128.and(v128.load(x, 16), mask));
      if (isBeyond(bits, limit)) break;
      const x0 = scaled(v128.load(x), scales, isFolded), x1 = scaled(v128.load(x, 16), scales, isFolded);
      const y0 = roundByDirection(x0, mask, minimum, dropped, kept, always, ifOdd, ifNegative, one, none);
      const y1 = roundByDirection(x1, mask, minimum, dropped, kept, always, ifOdd, ifNegative, one, none);
      const signed0 = f32x4.add(v128.or(y0, v128.and(x0, signs)), zero);
      const signed1 = f32x4.add(v128.or(y1, v128.and(x1, signs)), zero);
      v128.store(out, unscaled(signed0, scales, isFolded));
      v128.store(out, unscaled(signed1, scales, isFolded), 16);
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
function roundByDirection(
  x: v128, mask: v128, minimum: v128, dropped: i32, kept: v128, always: v128, ifOdd: v128, ifNegative: v128,
  one: v128, none: v128,
): v128 {
  const magnitude = v128.and(x, mask);
  const carrier = v128.and(i32x4.gt_s(minimum, magnitude), minimum);
  const sum = f32x4.add(magnitude, carrier);
  const lost = f32x4.sub(magnitude, f32x4.sub(sum, carrier));
  const cut = v128.or(i32x4.add(sum, i32x4.shr_s(lost, 31)), v128.and(f32x4.ne(lost, none), one));
  const odd = i32x4.neg(v128.and(i32x4.shr_u(cut, dropped), one));
  const bySign = v128.and(i32x4.shr_s(x, 31), ifNegative);
  const added = i32x4.add(i32x4.add(always, v128.and(odd, ifOdd)), bySign);
  return f32x4.sub(v128.and(i32x4.add(cut, added), kept), carrier);
}

/**
 * For up to sixteen values v: the bits of v₀ xor those of vₖ xor vₖ₊₁ for each bound tₖ below x. The bounds are the
 * largest float32 values that go to vₖ; they lie at `boundsOffset`, the differences of bits behind them.
 */
function castToCodebook(cast: usize, x: usize, out: usize, count: i32, scale: f32): void {
  const scales = f32x4.splat(scale);
  const bounds = cast + boundsOffset, boundsEnd = bounds + 4 * (load<i32>(cast + codebookOffset) - 1);
  const lowest = f32x4.splat(changetype<CastConstants>(cast).lowest);
  const end = x + (<usize>count << 2);
  while (x < end) {
    const x0 = f32x4.mul(v128.load(x), scales), x1 = f32x4.mul(v128.load(x, 16), scales);
    if (v128.any_true(v128.or(f32x4.ne(x0, x0), f32x4.ne(x1, x1)))) {
      castAny(cast, x, out, 8, scale, 0, 0);
    } else {
      let y0 = lowest, y1 = lowest;
      for (let k = bounds; k < boundsEnd; k += 4) {
        const bound = v128.load32_splat(k), difference = v128.load32_splat(k, 64);
        y0 = v128.xor(y0, v128.and(f32x4.gt(x0, bound), difference));
        y1 = v128.xor(y1, v128.and(f32x4.gt(x1, bound), difference));
      }
      v128.store(out, f32x4.div(y0, scales));
      v128.store(out, f32x4.div(y1, scales), 16);
    }
    x += 32;
    out += 32;
  }
}

/**
 * For up to 256 values v: 256 bounds, the largest float32 value that goes to each vₖ but the last and infinity from there
 * on, and behind them the values.
 */
function castToLongCodebook(cast: usize, x: usize, out: usize, count: i32, scale: f32): void {
  const scales = f32x4.splat(scale);
  const bounds = cast + longBoundsOffset;
  const end = x + (<usize>count << 2);
  while (x < end) {
    const x0 = f32x4.mul(v128.load(x), scales), x1 = f32x4.mul(v128.load(x, 16), scales);
    if (v128.any_true(v128.or(f32x4.ne(x0, x0), f32x4.ne(x1, x1)))) {
      castAny(cast, x, out, 8, scale, 0, 0);
    } else {
      v128.store(out, f32x4.div(fourOf(bounds, x0), scales));
      v128.store(out, f32x4.div(fourOf(bounds, x1), scales), 16);
    }
    x += 32;
    out += 32;
  }
}

@inline
function fourOf(bounds: usize, x: v128): v128 {
  return f32x4(
    valueOf(bounds, f32x4.extract_lane(x, 0)), valueOf(bounds, f32x4.extract_lane(x, 1)),
    valueOf(bounds, f32x4.extract_lane(x, 2)), valueOf(bounds, f32x4.extract_lane(x, 3)),
  );
}

/** The value whose bound is the first that is not below x: eight comparisons without a branch. */
@inline
function valueOf(bounds: usize, x: f32): f32 {
  let at = bounds;
  at += select<usize>(512, 0, x > load<f32>(at, 508));
  at += select<usize>(256, 0, x > load<f32>(at, 252));
  at += select<usize>(128, 0, x > load<f32>(at, 124));
  at += select<usize>(64, 0, x > load<f32>(at, 60));
  at += select<usize>(32, 0, x > load<f32>(at, 28));
  at += select<usize>(16, 0, x > load<f32>(at, 12));
  at += select<usize>(8, 0, x > load<f32>(at, 4));
  at += select<usize>(4, 0, x > load<f32>(at));
  return load<f32>(at, 1024);
}

@inline
function scaled(x: v128, scales: v128, isFolded: bool): v128 {
  return isFolded ? x : f32x4.mul(x, scales);
}

@inline
function unscaled(y: v128, scales: v128, isFolded: bool): v128 {
  return isFolded ? y : f32x4.div(y, scales);
}

/** `castWith` for any cast, value, scale and count. */
function castAny(cast: usize, x: usize, out: usize, count: i32, scale: f32, startIndex: u32, words: usize): void {
  const c = changetype<CastConstants>(cast);
  const scales = f32x4.splat(scale);
  const key0 = i32x4.splat(c.key0), key1 = i32x4.splat(c.key1), isByHalves = takesHalves(c);
  let index = i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(startIndex));
  for (; count > 0; count -= 4) {
    const some = min(count, 4);
    const value = loadUpToFour(x, some);
    // A NaN keeps its sign, which a policy may ask for and multiplication need not keep.
    const product = v128.bitselect(f32x4.mul(value, scales), value, f32x4.eq(value, value));
    const drawn = isByHalves ? mixHalf(index, key0, key1) : mixIndex(index, key0, key1);
    const random = words ? loadUpToFour(words, some) : drawn;
    const y = f32x4.div(castFour(cast, product, random), scales);
    storeUpToFour(out, v128.bitselect(y, i32x4.splat(0x7fc00000), f32x4.eq(y, y)), some);
    index = i32x4.add(index, i32x4.splat(4));
    x += 16;
    out += 16;
    if (words) words += 16;
  }
}
