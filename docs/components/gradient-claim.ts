import {formatRange} from "./format-range.js";
import {schemeTitle} from "./scheme-title.js";
import type {VarianceRow} from "./variance-row.js";

/** How many gradient tensors lie, as a whole, below everything that a format holds, for each scheme. */
export function gradientClaim(rows: readonly VarianceRow[], format: string): string {
  const {label, smallest} = formatRange(format);
  const gradients = rows.filter((row) => row.tensor.endsWith("gradient"));
  const schemes = [...new Set(gradients.map(({scheme}) => scheme))];
  const parts = schemes.map((scheme) => {
    const ofScheme = gradients.filter((row) => row.scheme === scheme);
    const below = ofScheme.filter(({spread}) => spread > 0 && Math.log2(spread) < smallest).length;
    return `${below === 0 ? "none" : below} of ${ofScheme.length} under ${schemeTitle(scheme).toLowerCase()}`;
  });
  return `Gradient tensors whose spread is below the smallest number of ${label}: ${parts.join(", ")}.`;
}
