import type {Format} from "../src/formats/format.js";
import {decodeBits} from "./code-bits.js";
import {nextBits} from "./next-bits.js";

/**
 * The unit in the last place of a finite value: the distance to the next one away from zero, or where that is not finite
 * to the one before. Null for infinities, NaN, and a value without neighbours.
 */
export function spacingAt(format: Format, bits: string): number | null {
  const value = decodeBits(format, bits);
  if (!Number.isFinite(value)) return null;
  const away = value < 0 ? -1 : 1;
  for (const direction of [away, -away] as (1 | -1)[]) {
    const next = decodeBits(format, nextBits(format, bits, direction));
    if (Number.isFinite(next) && next !== value) return Math.abs(next - value);
  }
  return null;
}
