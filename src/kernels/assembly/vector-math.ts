// Transcendental functions on four lanes, and the fixed order in which lanes are reduced.

/**
 * Four times an entry of a table of constants. Kernels with many constants keep them in memory, because newer
 * versions of V8 build a vector constant anew wherever it is used, with three instructions instead of one load.
 */
@inline
export function constant(table: usize, index: usize): v128 {
  return v128.load32_splat(table + (index << 2));
}

/** Of expOfSum: log₂e; 1.5·2²³; ln 2 in two parts; the coefficients of q; 1; and where exp bounds its argument. */
const exponentialTable = memory.data<f32>([
  1.4426950408889634, 12582912, 0.693359375, 2.1219444005469057e-4,
  0.49999993, 0.1666652, 0.04166839, 0.00836878, 0.00138145, 1, -120,
], 16);

/** An entry of the table of `expOfSum`, for loops that load what they need before they begin. */
@inline
export function exponential(index: usize): v128 {
  return constant(exponentialTable, index);
}

/**
 * e^(high + low) for -170 ≤ high + low ≤ 0, largest relative error 1.0e-7; 0 below about e^-87.7; NaN stays NaN.
 * Cody-Waite reduction to |r| ≤ ln 2 / 2, then 1 + r + r²·q(r), q minimax of degree 4 (relative error 3.1e-9).
 * `low` carries what does not fit in the 24 bits of `high`.
 */
@inline
export function expOfSum(high: v128, low: v128): v128 {
  // Adding and subtracting 1.5·2²³ rounds to the nearest integer n; the sum holds n in its low bits.
  const rounding = exponential(1);
  const shifted = f32x4.add(f32x4.mul(high, exponential(0)), rounding);
  const n = f32x4.sub(shifted, rounding);
  const r = f32x4.add(
    f32x4.sub(high, f32x4.mul(n, exponential(2))),
    f32x4.add(f32x4.mul(n, exponential(3)), low),
  );
  const r2 = f32x4.mul(r, r);
  const q01 = f32x4.add(f32x4.mul(r, exponential(5)), exponential(4));
  const q23 = f32x4.add(f32x4.mul(r, exponential(7)), exponential(6));
  const q = f32x4.add(q01, f32x4.mul(r2, f32x4.add(q23, f32x4.mul(r2, exponential(8)))));
  const one = exponential(9);
  const p = f32x4.add(f32x4.add(f32x4.mul(q, r2), r), one);
  // The bits of 2ⁿ; below the normal range they would be negative.
  const power = i32x4.add(i32x4.shl(shifted, 23), one);
  return f32x4.mul(p, i32x4.max_s(power, i32x4.splat(0)));
}

/** eˣ for x ≤ 0, see {@link expOfSum}. */
@inline
export function exp(x: v128): v128 {
  return expOfSum(f32x4.pmax(x, exponential(10)), f32x4.splat(0));
}

/** Of tanh: the coefficients of p, and where the polynomial ends. */
const hyperbolic = memory.data<f32>([
  -0.33333275, 0.13331275, -0.053725127, 0.020589823, -0.0056483136, 0.625,
], 16);

/**
 * tanh x, largest relative error 2.4e-7; NaN stays NaN. x + x³·p(x²) up to 0.625, p minimax of degree 4 (relative
 * error 5e-9), which keeps the digits of small results; beyond, (1 − e)/(1 + e) with e = e^(−2|x|).
 */
@inline
export function tanh(x: v128): v128 {
  const one = exponential(9);
  const signs = i32x4.splat(0x80000000);
  const magnitude = v128.andnot(x, signs);
  const e = exp(f32x4.mul(magnitude, f32x4.splat(-2)));
  const far = v128.or(f32x4.div(f32x4.sub(one, e), f32x4.add(one, e)), v128.and(x, signs));
  const z = f32x4.mul(x, x);
  const p34 = f32x4.add(f32x4.mul(z, constant(hyperbolic, 4)), constant(hyperbolic, 3));
  const p24 = f32x4.add(f32x4.mul(z, p34), constant(hyperbolic, 2));
  const p14 = f32x4.add(f32x4.mul(z, p24), constant(hyperbolic, 1));
  const p = f32x4.add(f32x4.mul(z, p14), constant(hyperbolic, 0));
  const near = f32x4.add(x, f32x4.mul(x, f32x4.mul(z, p)));
  return v128.bitselect(near, far, f32x4.lt(magnitude, constant(hyperbolic, 5)));
}

/** σ(x) = 1/(1 + e^(−x)), from e^(−|x|), so that neither tail cancels; NaN stays NaN. */
@inline
export function sigmoid(x: v128): v128 {
  const e = exp(v128.or(x, i32x4.splat(0x80000000)));
  const large = f32x4.div(exponential(9), f32x4.add(exponential(9), e));
  return v128.bitselect(f32x4.mul(e, large), large, i32x4.shr_s(x, 31));
}

/** (lane 0 + lane 2) + (lane 1 + lane 3). */
@inline
export function sumOfLanes(x: v128): f32 {
  const halves = f32x4.add(x, i32x4.shuffle(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
}

/** The largest lane; NaN if any lane is NaN. */
@inline
export function largestOfLanes(x: v128): f32 {
  const halves = f32x4.max(x, i32x4.shuffle(x, x, 2, 3, 0, 1));
  return max(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1));
}

/** Raises the bits of magnitudes to those of x. Magnitudes are ordered like their bits, with NaNs above infinity. */
@inline
export function raised(magnitudes: v128, x: v128): v128 {
  return i32x4.max_u(magnitudes, v128.and(x, i32x4.splat(0x7fffffff)));
}

/** The largest magnitude of the lanes, from their bits; NaN if there is one. */
@inline
export function largestMagnitudeOfLanes(bits: v128): f32 {
  const halves = i32x4.max_u(bits, i32x4.shuffle(bits, bits, 2, 3, 0, 1));
  return reinterpret<f32>(max(<u32>i32x4.extract_lane(halves, 0), <u32>i32x4.extract_lane(halves, 1)));
}

/** Lanes 0 to count − 1 from memory, the others zero; reads nothing beyond them. count from 1 to 3. */
@inline
export function loadPart(address: usize, count: i32): v128 {
  let x = v128.load32_zero(address);
  if (count > 1) x = f32x4.replace_lane(x, 1, load<f32>(address, 4));
  if (count > 2) x = f32x4.replace_lane(x, 2, load<f32>(address, 8));
  return x;
}

/** Stores lanes 0 to count − 1, count from 1 to 3. */
@inline
export function storePart(address: usize, x: v128, count: i32): void {
  v128.store_lane<f32>(address, x, 0);
  if (count > 1) v128.store_lane<f32>(address, x, 1, 4);
  if (count > 2) v128.store_lane<f32>(address, x, 2, 8);
}

/** Copies count floats, count from 1 to 3. */
@inline
export function copyPart(from: usize, to: usize, count: i32): void {
  storePart(to, v128.load(from), count);
}

/** Lanes 0 to count − 1 of x, the others zero; count from 1 to 3. */
@inline
export function keepPart(x: v128, count: i32): v128 {
  return v128.and(x, i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3)));
}

/** Like `loadPart`, count from 1 to 4. */
@inline
export function loadUpToFour(address: usize, count: i32): v128 {
  return count == 4 ? v128.load(address) : loadPart(address, count);
}

/** Like `storePart`, count from 1 to 4. */
@inline
export function storeUpToFour(address: usize, x: v128, count: i32): void {
  if (count == 4) v128.store(address, x);
  else storePart(address, x, count);
}
