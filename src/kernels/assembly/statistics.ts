// What probes and scaling read off a tensor.
import {largestMagnitudeOfLanes, loadPart, raised} from "./vector-math";

/**
 * Writes six doubles to `out`: sum, sum of squares, largest magnitude, and the numbers of zeros, NaNs and infinities.
 * The largest magnitude passes over NaNs; the sums are in double precision, one per residue of the index modulo 4.
 */
export function statistics(x: usize, count: i32, out: usize): void {
  const whole = x + (<usize>(count & ~3) << 2), rest = count & 3;
  let sumLow = f64x2.splat(0), sumHigh = sumLow, squaresLow = sumLow, squaresHigh = sumLow;
  let largest = f32x4.splat(0);
  let zeros = i32x4.splat(0), nans = zeros, infinities = zeros;
  const end = rest ? whole + 16 : whole;
  while (x < end) {
    const value = x < whole ? v128.load(x) : loadPart(x, rest);
    const magnitude = f32x4.abs(value);
    const low = f64x2.promote_low_f32x4(value);
    const high = f64x2.promote_low_f32x4(i32x4.shuffle(value, value, 2, 3, 0, 1));
    sumLow = f64x2.add(sumLow, low);
    sumHigh = f64x2.add(sumHigh, high);
    squaresLow = f64x2.add(squaresLow, f64x2.mul(low, low));
    squaresHigh = f64x2.add(squaresHigh, f64x2.mul(high, high));
    largest = f32x4.pmax(largest, magnitude);
    zeros = i32x4.sub(zeros, f32x4.eq(value, f32x4.splat(0)));
    nans = i32x4.sub(nans, f32x4.ne(value, value));
    infinities = i32x4.sub(infinities, f32x4.eq(magnitude, f32x4.splat(Infinity)));
    x += 16;
  }
  const padding = rest ? 4 - rest : 0;
  store<f64>(out, sumOfDoubles(f64x2.add(sumLow, sumHigh)));
  store<f64>(out, sumOfDoubles(f64x2.add(squaresLow, squaresHigh)), 8);
  store<f64>(out, <f64>largestMagnitudeOfLanes(largest), 16);
  store<f64>(out, <f64>(sumOfIntegers(zeros) - padding), 24);
  store<f64>(out, <f64>sumOfIntegers(nans), 32);
  store<f64>(out, <f64>sumOfIntegers(infinities), 40);
}

/** The largest |x|; NaN if any element is NaN, 0 for no elements. */
export function largestMagnitude(x: usize, count: i32): f32 {
  const whole = x + (<usize>(count & ~15) << 2), end = x + (<usize>count << 2);
  let m0 = i32x4.splat(0), m1 = m0, m2 = m0, m3 = m0;
  while (x < whole) {
    m0 = raised(m0, v128.load(x));
    m1 = raised(m1, v128.load(x, 16));
    m2 = raised(m2, v128.load(x, 32));
    m3 = raised(m3, v128.load(x, 48));
    x += 64;
  }
  for (; x < end; x += 4) m0 = raised(m0, v128.load32_splat(x));
  return largestMagnitudeOfLanes(i32x4.max_u(i32x4.max_u(m0, m1), i32x4.max_u(m2, m3)));
}

/** Σ|x| in double precision, one sum per residue of the index modulo 4, added as (0 + 2) + (1 + 3). */
export function sumOfMagnitudes(x: usize, count: i32): f64 {
  const whole = x + (<usize>(count & ~3) << 2), rest = count & 3;
  let low = f64x2.splat(0), high = low;
  const end = rest ? whole + 16 : whole;
  while (x < end) {
    const magnitude = f32x4.abs(x < whole ? v128.load(x) : loadPart(x, rest));
    low = f64x2.add(low, f64x2.promote_low_f32x4(magnitude));
    high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(magnitude, magnitude, 2, 3, 0, 1)));
    x += 16;
  }
  return sumOfDoubles(f64x2.add(low, high));
}

/**
 * Writes `bins` counts (u32) to `out`: bin i counts the elements with ⌊log₂|x|⌋ = minimumExponent + i, the first and
 * the last bin also all below and above. Zeros, infinities and NaNs are not counted.
 */
export function exponentHistogram(x: usize, count: i32, out: usize, minimumExponent: i32, bins: i32): void {
  // Neighbours mostly have the same exponent: four tables in turn, so that no count waits for the one just stored.
  memory.fill(exponentCounts, 0, exponentTable * 4);
  const whole = x + (<usize>(count & ~3) << 2), end = x + (<usize>count << 2);
  while (x < whole) {
    countExponent(load<u32>(x), 0);
    countExponent(load<u32>(x, 4), exponentTable);
    countExponent(load<u32>(x, 8), 2 * exponentTable);
    countExponent(load<u32>(x, 12), 3 * exponentTable);
    x += 16;
  }
  while (x < end) {
    countExponent(load<u32>(x), 0);
    x += 4;
  }
  memory.fill(out, 0, <usize>bins << 2);
  for (let field = 1; field < exponentFields; field++) {
    const entry = exponentCounts + (<usize>field << 2);
    const sum = load<u32>(entry) + load<u32>(entry, exponentTable)
      + load<u32>(entry, 2 * exponentTable) + load<u32>(entry, 3 * exponentTable);
    const bin = out + (<usize>min(max(field - exponentOffset - minimumExponent, 0), bins - 1) << 2);
    store<u32>(bin, load<u32>(bin) + sum);
  }
}

// An entry for zero, one for each exponent from −149 to 127, and one for what is not finite.
const exponentOffset = 150;
const exponentFields = 278;
const exponentTable: usize = (exponentFields + 1) << 2;
const exponentCounts = memory.data(<i32>exponentTable * 4, 16);

@inline
function countExponent(word: u32, table: usize): void {
  const bits = word & 0x7fffffff;
  // Below the normal numbers, zero among them, the leading bit tells.
  const field = bits < 0x800000 ? 32 - clz(bits) : (bits >> 23) + 23;
  const entry = exponentCounts + table + (<usize>field << 2);
  store<u32>(entry, load<u32>(entry) + 1);
}

/**
 * Writes two counts (u32) to `out`: elements with 0 < |x| ≤ low, and elements with |x| ≥ high (infinities among
 * them). NaNs are in neither. high must be positive.
 */
export function countMagnitudes(x: usize, count: i32, low: f32, high: f32, out: usize): void {
  const whole = x + (<usize>(count & ~3) << 2), rest = count & 3;
  const lows = f32x4.splat(low), highs = f32x4.splat(high), zero = f32x4.splat(0);
  let below = i32x4.splat(0), above = below;
  const end = rest ? whole + 16 : whole;
  while (x < end) {
    const magnitude = f32x4.abs(x < whole ? v128.load(x) : loadPart(x, rest));
    below = i32x4.sub(below, v128.and(f32x4.gt(magnitude, zero), f32x4.le(magnitude, lows)));
    above = i32x4.sub(above, f32x4.ge(magnitude, highs));
    x += 16;
  }
  store<u32>(out, sumOfIntegers(below));
  store<u32>(out, sumOfIntegers(above), 4);
}

/**
 * What became of x in y, five doubles to `out`: the sum of (y − x)², that of x², the number of elements that were not
 * zero and are, that of those that were finite and are not, and that of those that were zero. Only elements finite in both enter the sums, which are
 * in double precision, one per residue of the index modulo 4.
 */
export function compareTensors(x: usize, y: usize, count: i32, out: usize): void {
  const whole = x + (<usize>(count & ~3) << 2), rest = count & 3;
  let errorsLow = f64x2.splat(0), errorsHigh = errorsLow, squaresLow = errorsLow, squaresHigh = errorsLow;
  let vanished = i32x4.splat(0), overflowed = vanished, zeros = vanished;
  const zero = f32x4.splat(0), infinity = f32x4.splat(Infinity);
  const end = rest ? whole + 16 : whole;
  while (x < end) {
    const before = x < whole ? v128.load(x) : loadPart(x, rest);
    const after = x < whole ? v128.load(y) : loadPart(y, rest);
    const wasFinite = f32x4.lt(f32x4.abs(before), infinity), isFinite = f32x4.lt(f32x4.abs(after), infinity);
    const both = v128.and(wasFinite, isFinite);
    const wasZero = f32x4.eq(before, zero);
    zeros = i32x4.sub(zeros, wasZero);
    vanished = i32x4.sub(vanished, v128.andnot(f32x4.eq(after, zero), wasZero));
    overflowed = i32x4.sub(overflowed, v128.andnot(wasFinite, isFinite));
    const a = v128.and(before, both), b = v128.and(after, both);
    const aLow = f64x2.promote_low_f32x4(a), aHigh = f64x2.promote_low_f32x4(i32x4.shuffle(a, a, 2, 3, 0, 1));
    const errorLow = f64x2.sub(f64x2.promote_low_f32x4(b), aLow);
    const errorHigh = f64x2.sub(f64x2.promote_low_f32x4(i32x4.shuffle(b, b, 2, 3, 0, 1)), aHigh);
    errorsLow = f64x2.add(errorsLow, f64x2.mul(errorLow, errorLow));
    errorsHigh = f64x2.add(errorsHigh, f64x2.mul(errorHigh, errorHigh));
    squaresLow = f64x2.add(squaresLow, f64x2.mul(aLow, aLow));
    squaresHigh = f64x2.add(squaresHigh, f64x2.mul(aHigh, aHigh));
    x += 16;
    y += 16;
  }
  store<f64>(out, sumOfDoubles(f64x2.add(errorsLow, errorsHigh)));
  store<f64>(out, sumOfDoubles(f64x2.add(squaresLow, squaresHigh)), 8);
  store<f64>(out, <f64>sumOfIntegers(vanished), 16);
  store<f64>(out, <f64>sumOfIntegers(overflowed), 24);
  store<f64>(out, <f64>(sumOfIntegers(zeros) - (rest ? 4 - rest : 0)), 32);
}

/** A bit for each sign, exponent and first ten bits of a fraction. */
const codeMapBytes: usize = 1 << 16;

/**
 * The number of different finite values among x, which have at most 11 significant bits. −0 and 0 are one unless zeros
 * are signed. `map` is scratch of 64 KiB.
 */
export function countCodes(x: usize, count: i32, signedZeros: i32, map: usize): i32 {
  memory.fill(map, 0, codeMapBytes);
  const end = x + (<usize>count << 2);
  while (x < end) {
    const bits = load<u32>(x);
    x += 4;
    if ((bits & 0x7fffffff) >= 0x7f800000) continue;
    const word = map + ((bits >> 18) << 2);
    store<u32>(word, load<u32>(word) | (1 << ((bits >> 13) & 31)));
  }
  let codes: i64 = 0;
  if (!signedZeros && load<u32>(map, codeMapBytes / 2) & 1) {
    store<u32>(map, load<u32>(map) | 1);
    store<u32>(map, load<u32>(map, codeMapBytes / 2) & ~1, codeMapBytes / 2);
  }
  for (let word = map; word < map + codeMapBytes; word += 8) codes += popcnt(load<u64>(word));
  return <i32>codes;
}

/**
 * The number of weights w whose change, |after − before|, is less than half the distance between neighbouring values of
 * a format at w. The format holds w scaled: by `scale`, or to what lies at `scaled` unless that is 0. Its spacing at
 * 2^e ≤ |x| < 2^(e+1) is 2^(max(e, minimumExponent) − mantissaBits). A weight of 0 has the scale 1 with `scaled`.
 */
export function countSmallUpdates(
  before: usize, after: usize, scaled: usize, scale: f32, count: i32, mantissaBits: i32, minimumExponent: i32,
): i32 {
  const whole = before + (<usize>(count & ~3) << 2), rest = count & 3;
  const least = f32x4.splat(<f32>powerOfTwo(minimumExponent)), shrink = f32x4.splat(<f32>powerOfTwo(-mantissaBits));
  const exponentMask = i32x4.splat(0x7f800000), one = f32x4.splat(1), zero = f32x4.splat(0);
  let small = i32x4.splat(0);
  const end = rest ? whole + 16 : whole;
  while (before < end) {
    const w = before < whole ? v128.load(before) : loadPart(before, rest);
    const next = before < whole ? v128.load(after) : loadPart(after, rest);
    let factor = f32x4.splat(scale), x = f32x4.mul(w, factor);
    if (scaled) {
      x = before < whole ? v128.load(scaled) : loadPart(scaled, rest);
      factor = v128.bitselect(one, f32x4.div(x, w), f32x4.eq(w, zero));
      scaled += 16;
    }
    const spacing = f32x4.mul(f32x4.max(v128.and(x, exponentMask), least), shrink);
    const change = f32x4.abs(f32x4.mul(f32x4.sub(next, w), factor));
    small = i32x4.sub(small, f32x4.lt(f32x4.add(change, change), spacing));
    before += 16;
    after += 16;
  }
  // The padding did not change.
  return sumOfIntegers(small) - (rest ? 4 - rest : 0);
}

@inline
function powerOfTwo(exponent: i32): f64 {
  return reinterpret<f64>(<u64>(exponent + 1023) << 52);
}

@inline
function sumOfDoubles(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

@inline
function sumOfIntegers(x: v128): i32 {
  return i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3);
}
