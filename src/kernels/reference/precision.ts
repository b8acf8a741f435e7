import {binaryExponent, powerOfTwo} from "../../formats/power-of-two.js";

/** A binary format to round to, without regard to the number of its exponents above. */
export interface Precision {
  /** With the implicit leading one. */
  readonly significantBits: number;
  /** Exponent of the last bit of subnormals. */
  readonly lastExponent: number;
  readonly largest: number;
}

export const precisions = {
  fp32: {significantBits: 24, lastExponent: -149, largest: (2 - powerOfTwo(-23)) * powerOfTwo(127)},
  fp16: {significantBits: 11, lastExponent: -24, largest: 65504},
  bf16: {significantBits: 8, lastExponent: -133, largest: 255 * powerOfTwo(120)},
} as const satisfies Record<string, Precision>;

/** A double to nearest even. */
export function roundToPrecision(x: number, {significantBits, lastExponent, largest}: Precision): number {
  if (x === 0 || x - x !== 0) return x;
  const spacing = powerOfTwo(Math.max(binaryExponent(x) - significantBits + 1, lastExponent));
  const steps = Math.abs(x) / spacing;
  const below = Math.floor(steps);
  const rest = steps - below;
  const rounded = (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below) * spacing;
  const magnitude = rounded > largest ? Number.POSITIVE_INFINITY : rounded;
  return x < 0 ? -magnitude : magnitude;
}
