import {formatProperties} from "../src/formats/derived.js";
import {parseFormat} from "../src/formats/parse.js";

/** What a number format can hold, in powers of two. */
export interface FormatRange {
  readonly name: string;
  readonly label: string;
  /** The smallest positive value, subnormal or not. */
  readonly smallest: number;
  /** The smallest value with full precision. */
  readonly smallestNormal: number;
  readonly largest: number;
}

/** The range of a format's magnitudes. */
export function formatRange(name: string): FormatRange {
  const format = parseFormat(name);
  const {smallest, minimumExponent, largest} = formatProperties(format);
  return {
    name: format.name,
    // People say E4M3 for the OCP format whose name in code ends in "fn".
    label: format.name.replace(/fn$/, "").toUpperCase(),
    smallest: Math.log2(smallest),
    smallestNormal: minimumExponent,
    largest: Math.log2(largest),
  };
}
