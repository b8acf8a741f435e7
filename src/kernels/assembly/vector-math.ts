// Transcendental functions on four lanes, and the fixed order in which lanes are reduced.

/** Adding and subtracting 1.5·2²³ rounds |x| < 2²² to the nearest integer; the sum holds it in its low bits. */
const roundingConstant: f32 = 12582912;

/**
 * e^(high + low) for -170 ≤ high + low ≤ 0, largest relative error 1.0e-7; 0 below about e^-87.7; NaN stays NaN.
 * Cody-Waite reduction to |r| ≤ ln 2 / 2, then 1 + r + r²·q(r), q minimax of degree 4 (relative error 3.1e-9).
 * `low` carries what does not fit in the 24 bits of `high`.
 */
@inline
export function expOfSum(high: v128, low: v128): v128 {
  const shifted = f32x4.add(
    f32x4.mul(high, f32x4.splat(1.4426950408889634)),
    f32x4.splat(roundingConstant),
  );
  const n = f32x4.sub(shifted, f32x4.splat(roundingConstant));
  const r = f32x4.add(
    f32x4.sub(high, f32x4.mul(n, f32x4.splat(0.693359375))),
    f32x4.add(f32x4.mul(n, f32x4.splat(2.1219444005469057e-4)), low),
  );
  const r2 = f32x4.mul(r, r);
  const q01 = f32x4.add(f32x4.mul(r, f32x4.splat(0.1666652)), f32x4.splat(0.49999993));
  const q23 = f32x4.add(f32x4.mul(r, f32x4.splat(0.00836878)), f32x4.splat(0.04166839));
  const q = f32x4.add(q01, f32x4.mul(r2, f32x4.add(q23, f32x4.mul(r2, f32x4.splat(0.00138145)))));
  const p = f32x4.add(f32x4.add(f32x4.mul(q, r2), r), f32x4.splat(1));
  // The bits of 2ⁿ; below the normal range they would be negative.
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000));
  return f32x4.mul(p, i32x4.max_s(power, i32x4.splat(0)));
}

/** eˣ for x ≤ 0, see {@link expOfSum}. */
@inline
export function exp(x: v128): v128 {
  return expOfSum(f32x4.pmax(x, f32x4.splat(-120)), f32x4.splat(0));
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
