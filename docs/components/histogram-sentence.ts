import {formatRange} from "./format-range.js";
import {lostShares, type RecordedFormat} from "./lost-shares.js";
import {percentage} from "./percentage.js";
import type {VarianceRow} from "./variance-row.js";

/** What a cast of one tensor loses, in words. */
export function histogramSentence(row: VarianceRow, format: RecordedFormat): string {
  if (row.spread === 0) return "every value is zero";
  const {label} = formatRange(format);
  const {underflow, overflow} = lostShares(row, format);
  if (underflow === 0 && overflow === 0) return `every value is within the range of ${label}`;
  const parts = [];
  if (underflow > 0) parts.push(`${percentage(underflow)} round to zero in ${label}`);
  if (overflow > 0) parts.push(`${percentage(overflow)} are too large for ${label}`);
  return parts.join(", ");
}
