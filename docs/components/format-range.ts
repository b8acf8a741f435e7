import {largestFinite, smallestNormal, smallestSubnormal} from "../src/formats/derived.js";
import {parseFormat} from "../src/formats/parse.js";

/** What a number format can hold, in powers of two. */
export interface FormatRange {
  readonly name: string;
  readonly label: string;
  readonly smallest: number;
  readonly smallestNormal: number;
  readonly largest: number;
}

/** The range of magnitudes of a float format, subnormals included. */
export function formatRange(name: string): FormatRange {
  const format = parseFormat(name);
  if (format.kind !== "float") throw new Error(`not a float format: ${name}`);
  return {
    name: format.name,
    // E4M3 is what people call the OCP format whose name in code ends in "fn".
    label: format.name.replace(/fn$/, "").toUpperCase(),
    smallest: Math.log2(smallestSubnormal(format)),
    smallestNormal: Math.log2(smallestNormal(format)),
    largest: Math.log2(largestFinite(format)),
  };
}
