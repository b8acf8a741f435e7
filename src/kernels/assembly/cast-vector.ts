// The cast of four float32 values to a format, in any rounding mode and under any policy: `castFour`, exact and not in
// a hurry. And its inner steps, for loops that know more about their values. `../reference/quantize.ts` says what each
// result must be.
import {CastConstants} from "./cast-constants";
import {castExactly} from "./cast-exactly";

/**
 * The nearest values, ties to even, of four magnitudes none of which is NaN or rounds beyond float32.
 *
 * Adding c = 2^(e + 23 - mantissaBits) to a magnitude in [2^e, 2^(e+1)) leaves a sum whose spacing is that of the
 * target format, so the adder rounds to nearest even; taking c away again is exact. Below the smallest normal value
 * the exponent stands still, and the spacing with it.
 *
 * With half as much again added to c by `lift`, magnitudes may have signs: the sum stays in its binade, and zeros come
 * out positive.
 *
 * @param minimum bits of the smallest normal value of the format, at least 1 << 23
 * @param lift (23 - mantissaBits) << 23, for 1 to 22 stored bits; or that plus 1 << 22 for values with signs, to 21 bits
 * @param exponents 0x7f800000, the bits of the exponent
 */
@inline
export function roundByAddition(magnitude: v128, minimum: v128, lift: v128, exponents: v128): v128 {
  const exponent = i32x4.max_u(v128.and(magnitude, exponents), minimum);
  const c = i32x4.add(exponent, lift);
  return f32x4.sub(f32x4.add(magnitude, c), c);
}

/**
 * cast(x) for four values, each exactly what the readable reference gives.
 *
 * @param cast address of a prepared cast (`CastConstants`)
 * @param x the values, already scaled
 * @param random a word of random bits for each; without effect in the deterministic modes
 */
export function castFour(cast: usize, x: v128, random: v128): v128 {
  const magnitude = v128.and(x, i32x4.splat(0x7fffffff));
  const c = changetype<CastConstants>(cast);
  if (c.loop == 0 || v128.any_true(i32x4.lt_s(magnitude, each(cast, offsetof<CastConstants>("tiny"))))) {
    return castFourExactly(cast, x, random);
  }
  const dropped = v128.and(
    i32x4.eq(magnitude, i32x4.splat(0)),
    each(cast, offsetof<CastConstants>("dropsNegativeZero")),
  );
  const sign = v128.andnot(v128.and(x, i32x4.splat(0x80000000)), dropped);
  const isNegative = i32x4.shr_s(sign, 31);
  const input = v128.andnot(magnitude, f32x4.lt(magnitude, each(cast, offsetof<CastConstants>("flushBefore"))));

  // Below the smallest normal value, adding it brings a magnitude to the spacing of the values just above.
  const minimum = each(cast, offsetof<CastConstants>("minimum"));
  const isBelow = i32x4.gt_s(minimum, input);
  const carrier = v128.and(isBelow, minimum);
  let t = f32x4.add(input, carrier);
  // What addition rounded off is made good: first the sum is cut toward zero, then its last bit says whether that lost
  // anything. Two bits further up, all modes round as they would round the whole magnitude.
  const lost = f32x4.sub(input, f32x4.sub(t, carrier));
  const isCut = v128.and(
    v128.and(f32x4.ne(lost, f32x4.splat(0)), isBelow),
    each(cast, offsetof<CastConstants>("isExactBelow")),
  );
  t = i32x4.add(t, v128.and(i32x4.shr_s(lost, 31), isCut));
  t = v128.or(t, v128.and(isCut, each(cast, offsetof<CastConstants>("sticky"))));

  const firstIfOdd = v128.and(
    oddness(i32x4.shr_u(t, c.firstDropped)),
    each(cast, offsetof<CastConstants>("firstIfOdd")),
  );
  t = i32x4.add(t, i32x4.add(each(cast, offsetof<CastConstants>("firstAlways")), firstIfOdd));
  t = v128.and(t, each(cast, offsetof<CastConstants>("firstKept")));

  const odd = oddness(v128.xor(i32x4.shr_u(t, c.dropped), each(cast, offsetof<CastConstants>("parity"))));
  const ifOdd = v128.and(odd, each(cast, offsetof<CastConstants>("ifOdd")));
  const ifNegative = v128.and(isNegative, each(cast, offsetof<CastConstants>("ifNegative")));
  const flipped = v128.xor(random, each(cast, offsetof<CastConstants>("randomFlip")));
  const used = v128.and(i32x4.shr_s(flipped, c.randomShift), each(cast, offsetof<CastConstants>("randomMask")));
  t = i32x4.add(t, i32x4.add(each(cast, offsetof<CastConstants>("always")), i32x4.add(ifOdd, ifNegative)));
  t = i32x4.add(t, i32x4.add(used, each(cast, offsetof<CastConstants>("randomOffset"))));

  // Where random bits fall within one unit of what was cut, the rest of them decides.
  const kept = each(cast, offsetof<CastConstants>("kept"));
  const isClose = i32x4.eq(v128.andnot(i32x4.add(t, i32x4.splat(1)), kept), i32x4.splat(0));
  if (v128.any_true(v128.and(v128.and(isClose, isCut), each(cast, offsetof<CastConstants>("isFine"))))) {
    return castFourExactly(cast, x, random);
  }

  const y = f32x4.sub(v128.and(t, kept), carrier);
  const limit = v128.bitselect(
    each(cast, offsetof<CastConstants>("limitNegative")),
    each(cast, offsetof<CastConstants>("limitPositive")),
    isNegative,
  );
  const overflow = v128.bitselect(
    each(cast, offsetof<CastConstants>("overflowNegative")),
    each(cast, offsetof<CastConstants>("overflowPositive")),
    isNegative,
  );
  const infinity = v128.bitselect(
    each(cast, offsetof<CastConstants>("infinityNegative")),
    each(cast, offsetof<CastConstants>("infinityPositive")),
    isNegative,
  );
  const nan = v128.bitselect(
    each(cast, offsetof<CastConstants>("nanNegative")),
    each(cast, offsetof<CastConstants>("nanPositive")),
    isNegative,
  );
  const unflushed = v128.andnot(y, f32x4.lt(y, each(cast, offsetof<CastConstants>("flushAfter"))));
  let result = v128.or(unflushed, sign);
  result = v128.bitselect(overflow, result, i32x4.gt_s(y, limit));
  result = v128.bitselect(infinity, result, i32x4.eq(magnitude, i32x4.splat(0x7f800000)));
  result = v128.bitselect(nan, result, i32x4.gt_s(magnitude, i32x4.splat(0x7f800000)));
  return f32x4.add(result, each(cast, offsetof<CastConstants>("zero")));
}

/** A field in all four lanes. */
@inline
function each(cast: usize, offset: usize): v128 {
  return v128.load32_splat(cast + offset);
}

/** All ones where the last bit is set. */
@inline
function oddness(x: v128): v128 {
  return i32x4.neg(v128.and(x, i32x4.splat(1)));
}

function castFourExactly(cast: usize, x: v128, random: v128): v128 {
  let y = x;
  y = f32x4.replace_lane(y, 0, castExactly(cast, f32x4.extract_lane(x, 0), i32x4.extract_lane(random, 0)));
  y = f32x4.replace_lane(y, 1, castExactly(cast, f32x4.extract_lane(x, 1), i32x4.extract_lane(random, 1)));
  y = f32x4.replace_lane(y, 2, castExactly(cast, f32x4.extract_lane(x, 2), i32x4.extract_lane(random, 2)));
  return f32x4.replace_lane(y, 3, castExactly(cast, f32x4.extract_lane(x, 3), i32x4.extract_lane(random, 3)));
}
