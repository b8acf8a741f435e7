import {binaryExponent, powerOfTwo} from "../src/formats/power-of-two.js";

/** A format as the notebook knows it: exponents of the smallest and largest normal values, and mantissa bits. */
export interface NotebookFormat {
  readonly minimumExponent: number;
  readonly maximumExponent: number;
  readonly mantissaBits: number;
}

/** The formats of the notebook, by our names for the formats with the same values. */
export const notebookFormats: Readonly<Record<string, NotebookFormat>> = {
  fp16: {minimumExponent: -14, maximumExponent: 15, mantissaBits: 10},
  e4m3fnuz: {minimumExponent: -7, maximumExponent: 7, mantissaBits: 3},
  e5m2fnuz: {minimumExponent: -15, maximumExponent: 15, mantissaBits: 2},
};

/**
 * The cast behind figure 2 of the unit scaling paper (QuantisationSnr.ipynb of its demos): to nearest, but the mantissa
 * never carries into the next power of two, so that numbers just below one are cut off at the largest value before it.
 */
export function castWithoutCarry(
  x: number,
  {minimumExponent, maximumExponent, mantissaBits}: NotebookFormat,
): number {
  const magnitude = Math.abs(x);
  if (magnitude === 0) return x;
  const exponent = Math.min(Math.max(binaryExponent(magnitude), minimumExponent), maximumExponent);
  const base = powerOfTwo(exponent);
  const implicit = base <= magnitude ? 1 : 0;
  const steps = powerOfTwo(mantissaBits);
  const mantissa = nearestEven(steps * (magnitude / base - implicit));
  const result = base * (implicit + Math.min(mantissa, steps - 1) / steps);
  return x < 0 ? -result : result;
}

function nearestEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
