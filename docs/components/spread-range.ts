import {spreadKind} from "./spread-kind.js";
import type {VarianceRow} from "./variance-row.js";

/** The row of the smallest and of the largest spread among those that have a power; undefined if there are none. */
export function spreadRange(rows: readonly VarianceRow[]): {low: VarianceRow; high: VarianceRow} | undefined {
  const spread = rows.filter((row) => spreadKind(row.spread) === "power");
  if (spread.length === 0) return undefined;
  const pick = (isBetter: (a: number, b: number) => boolean) =>
    spread.reduce((best, row) => (isBetter(row.spread, best.spread) ? row : best));
  return {low: pick((a, b) => a < b), high: pick((a, b) => a > b)};
}
