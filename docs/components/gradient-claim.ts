import {formatRange} from "./format-range.js";
import type {RecordedFormat} from "./lost-shares.js";
import {percentage} from "./percentage.js";
import {noticeableShare, underflowingRows} from "./underflowing-rows.js";
import type {VarianceRow} from "./variance-row.js";

/** How many gradient tensors of each scheme a cast to a format damages, in a sentence; empty if a scheme is missing. */
export function gradientClaim(rows: readonly VarianceRow[], format: RecordedFormat): string {
  const count = (scheme: string) => {
    const gradients = rows.filter((row) => row.scheme === scheme && row.tensor.endsWith("gradient"));
    const lossy = underflowingRows(gradients, format).length;
    return {lossy: lossy === 0 ? "none" : String(lossy), all: gradients.length};
  };
  const [standard, unit] = [count("standard"), count("unit")];
  if (standard.all === 0 || unit.all === 0) return "";
  return (
    `Of the ${standard.all} gradient tensors of the standard network, ${standard.lossy} would lose more than ` +
    `${percentage(noticeableShare)} of their values in a cast to ${formatRange(format).label} before the first step; ` +
    `of the ${unit.all} of the unit-scaled one, ${unit.lossy}.`
  );
}
