import {formatRange} from "./format-range.js";
import type {VarianceRow} from "./variance-row.js";

/** How many gradient tensors of each scheme lie, as a whole, below everything that a format holds, in a sentence. */
export function gradientClaim(rows: readonly VarianceRow[], format: string): string {
  const {label, smallest} = formatRange(format);
  const count = (scheme: string) => {
    const gradients = rows.filter((row) => row.scheme === scheme && row.tensor.endsWith("gradient"));
    const below = gradients.filter(({spread}) => spread > 0 && Math.log2(spread) < smallest).length;
    return {below: below === 0 ? "none" : String(below), all: gradients.length};
  };
  const [standard, unit] = [count("standard"), count("unit")];
  return (
    `Of the ${standard.all} gradient tensors of the standard network, ${standard.below} begin with a spread below the ` +
    `smallest number of ${label}; of the ${unit.all} of the unit-scaled one, ${unit.below}.`
  );
}
