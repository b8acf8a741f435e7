import {binaryExponent, powerOfTwo} from "../formats/power-of-two.js";

// Logarithm and exponential by series, from operations that IEEE 754 rounds correctly: the constants of a graph must be
// the same on every machine, and `Math.log` and `Math.exp` need not be.

/** highest^share · lowest^(1 − share): from `lowest` at 0 to `highest` at 1, in equal ratios. Both are positive. */
export function logarithmicInterpolation(share: number, lowest: number, highest: number): number {
  return exponential(share * naturalLogarithm(highest) + (1 - share) * naturalLogarithm(lowest));
}

/** ln x of a positive x, to about 1e-16 of max(1, |ln x|). */
export function naturalLogarithm(x: number): number {
  const exponent = binaryExponent(x);
  const mantissa = x / powerOfTwo(exponent);
  return mantissa > Math.SQRT2
    ? (exponent + 1) * Math.LN2 + logarithmNearOne(mantissa / 2)
    : exponent * Math.LN2 + logarithmNearOne(mantissa);
}

/** ln x for x in [√½, √2], as 2·artanh(t) with t = (x − 1)/(x + 1) of at most 0.172. */
function logarithmNearOne(x: number): number {
  const t = (x - 1) / (x + 1);
  let sum = 0;
  for (let n = 23; n >= 1; n -= 2) sum = 1 / n + t * t * sum;
  return 2 * t * sum;
}

/** eˣ for |x| up to 700, to about 1e-15 of its value. */
export function exponential(x: number): number {
  const exponent = Math.round(x / Math.LN2);
  const rest = x - exponent * Math.LN2;
  let sum = 1;
  for (let n = 18; n >= 1; n--) sum = 1 + (rest / n) * sum;
  return powerOfTwo(exponent) * sum;
}
