import {copyPart, exp, keepPart, largestMagnitudeOfLanes, loadPart, raised} from "./vector-math";

const lastY = memory.data(16, 16), lastDerivative = memory.data(16, 16);

/**
 * y = scale·max(x, 0) and derivative = scale·[x > 0]. y and derivative may each be x. NaN stays NaN in y.
 * @returns the largest |y|; NaN if any element is NaN
 */
export function reluForward(x: usize, y: usize, derivative: usize, count: i32, scale: f32): f32 {
  return forward(true, x, y, derivative, count, scale);
}

/**
 * y = scale·x·σ(x) and derivative = scale·σ(x)·(1 + x·σ(−x)), σ(x) = 1/(1 + e^(−x)). y and derivative may each be x.
 * Largest errors: 8e-7 of y itself, 8e-7 of the derivative, around its zero of 1.
 * @returns the largest |y|; NaN if any element is NaN
 */
export function siluForward(x: usize, y: usize, derivative: usize, count: i32, scale: f32): f32 {
  return forward(false, x, y, derivative, count, scale);
}

/** `isRelu` must be a constant: each function becomes a loop of its own. */
@inline
function forward(isRelu: bool, x: usize, y: usize, derivative: usize, count: i32, scale: f32): f32 {
  const whole = x + (<usize>(count & ~3) << 2);
  const factor = f32x4.splat(scale);
  let magnitudes = i32x4.splat(0);
  while (x < whole) {
    magnitudes = raised(magnitudes, ofVector(isRelu, v128.load(x), y, derivative, factor));
    x += 16;
    y += 16;
    derivative += 16;
  }
  const rest = count & 3;
  if (rest) {
    const last = ofVector(isRelu, loadPart(x, rest), lastY, lastDerivative, factor);
    magnitudes = raised(magnitudes, keepPart(last, rest));
    copyPart(lastY, y, rest);
    copyPart(lastDerivative, derivative, rest);
  }
  return largestMagnitudeOfLanes(magnitudes);
}

/** @returns what it writes to y */
@inline
function ofVector(isRelu: bool, x: v128, y: usize, derivative: usize, factor: v128): v128 {
  return isRelu ? reluOfVector(x, y, derivative, factor) : siluOfVector(x, y, derivative, factor);
}

@inline
function reluOfVector(x: v128, y: usize, derivative: usize, factor: v128): v128 {
  const zero = f32x4.splat(0), result = f32x4.mul(factor, f32x4.max(x, zero));
  v128.store(y, result);
  v128.store(derivative, v128.and(factor, f32x4.gt(x, zero)));
  return result;
}

/** Writes factor·silu(x), which it returns, and factor·silu′(x). With e = e^(−|x|): σ(|x|) = 1/(1 + e) and σ(−|x|) = e/(1 + e), so that neither cancels. */
@inline
export function siluOfVector(x: v128, y: usize, derivative: usize, factor: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp(v128.or(x, i32x4.splat(0x80000000)));
  const large = f32x4.div(one, f32x4.add(one, e));
  const small = f32x4.mul(e, large);
  const isNegative = i32x4.shr_s(x, 31);
  const up = v128.bitselect(small, large, isNegative);
  const down = v128.bitselect(large, small, isNegative);
  // Where σ is 0 in float32, x·σ is as well, also for an infinite x; and NaN stays NaN.
  const finite = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-1e30)), f32x4.splat(1e30));
  const product = f32x4.mul(v128.bitselect(finite, x, isNegative), up);
  const result = f32x4.mul(factor, product);
  v128.store(y, result);
  v128.store(derivative, f32x4.mul(factor, f32x4.mul(up, f32x4.add(one, f32x4.mul(finite, down)))));
  return result;
}
