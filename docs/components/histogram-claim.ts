import {formatRange} from "./format-range.js";
import {lostShares, type RecordedFormat} from "./lost-shares.js";
import {percentage} from "./percentage.js";
import type {VarianceRow} from "./variance-row.js";

/** What one tensor loses to underflow in a format under both schemes; the contrast is drawn only where there is one. */
export function histogramClaim(
  rows: readonly VarianceRow[],
  {layer, tensor, format}: {layer: string; tensor: string; format: RecordedFormat},
): string {
  const underflow = (scheme: string) => {
    const row = rows.find(
      (candidate) => candidate.scheme === scheme && candidate.layer === layer && candidate.tensor === tensor,
    );
    return row && lostShares(row, format).underflow;
  };
  const [standard, unit] = [underflow("standard"), underflow("unit")];
  if (standard === undefined || unit === undefined) return "";
  const {label} = formatRange(format);
  const contrast = unit < standard ? "with unit scaling only" : "with unit scaling, no less,";
  return (
    `Of the ${tensor}s of “${layer}”, a cast to ${label} turns ${percentage(standard)} to zero; ` +
    `${contrast} ${percentage(unit)}.`
  );
}
