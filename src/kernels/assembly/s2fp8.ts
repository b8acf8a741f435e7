// The power map of S2FP8 before and after a cast to E5M2; `../reference/s2fp8.ts` says what it is.
import {exp, log} from "./scalar-math";

const ln2 = 0.6931471805599453;

/**
 * Updates three doubles: how many elements are neither zero nor infinite nor NaN, and the sum and the largest of their
 * log₂ |x|; at first 0, 0 and -∞.
 */
export function logarithmStatistics(x: usize, count: i32, out: usize): void {
  let counted = load<f64>(out), sum = load<f64>(out, 8), largest = load<f64>(out, 16);
  for (const end = x + (<usize>count << 2); x < end; x += 4) {
    const magnitude = abs(load<f32>(x));
    if (!(magnitude > 0 && magnitude < f32.POSITIVE_INFINITY)) continue;
    const logarithm = log(<f64>magnitude) / ln2;
    sum += logarithm;
    counted += 1;
    largest = max(largest, logarithm);
  }
  store<f64>(out, counted);
  store<f64>(out, sum, 8);
  store<f64>(out, largest, 16);
}

/** `exponent` and `shift` are doubles. `out` may be `x`. */
export function s2fp8Encode(x: usize, out: usize, count: i32, exponent: f64, shift: f64): void {
  for (const end = x + (<usize>count << 2); x < end; x += 4) {
    const value = load<f32>(x), magnitude = abs(value);
    let y = value;
    if (magnitude > 0 && magnitude < f32.POSITIVE_INFINITY) {
      y = copysign(<f32>exp(exponent * (log(<f64>magnitude) / ln2 - shift) * ln2), value);
    }
    store<f32>(out, y);
    out += 4;
  }
}

/** The inverse of `s2fp8Encode`. */
export function s2fp8Decode(y: usize, out: usize, count: i32, exponent: f64, shift: f64): void {
  for (const end = y + (<usize>count << 2); y < end; y += 4) {
    const value = load<f32>(y), magnitude = abs(value);
    let x = value;
    if (magnitude > 0 && magnitude < f32.POSITIVE_INFINITY) {
      x = copysign(<f32>exp((log(<f64>magnitude) / ln2 / exponent + shift) * ln2), value);
    }
    store<f32>(out, x);
    out += 4;
  }
}
