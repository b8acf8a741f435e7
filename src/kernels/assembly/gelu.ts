import {expOfSum, loadPart, storePart} from "./vector-math";

/**
 * y = scale·gelu(x) and derivative = scale·gelu'(x), gelu(x) = x·Φ(x) with the exact normal distribution function:
 * gelu'(x) = Φ(x) + x·φ(x). y and derivative may each be x.
 */
export function geluForward(x: usize, y: usize, derivative: usize, count: i32, scale: f32): void {
  const whole = x + (<usize>(count & ~3) << 2);
  while (x < whole) {
    const value = v128.load(x);
    const tail = lowerTail(value), density = tailDensity;
    v128.store(y, scaledGelu(value, tail, scale));
    v128.store(derivative, scaledDerivative(value, tail, density, scale));
    x += 16;
    y += 16;
    derivative += 16;
  }
  const rest = count & 3;
  if (rest) {
    const value = loadPart(x, rest);
    const tail = lowerTail(value), density = tailDensity;
    storePart(y, scaledGelu(value, tail, scale), rest);
    storePart(derivative, scaledDerivative(value, tail, density, scale), rest);
  }
}

/** φ(|x|) of the last call of `lowerTail`: both come from one exponential. */
let tailDensity: v128 = f32x4.splat(0);
