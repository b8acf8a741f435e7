import type {VarianceRow} from "./variance-row.js";

/** The row of the smallest and of the largest spread among those that are not all zero; undefined if there are none. */
export function spreadRange(rows: readonly VarianceRow[]): {low: VarianceRow; high: VarianceRow} | undefined {
  const spread = rows.filter((row) => row.spread > 0);
  if (spread.length === 0) return undefined;
  const pick = (isBetter: (a: number, b: number) => boolean) =>
    spread.reduce((best, row) => (isBetter(row.spread, best.spread) ? row : best));
  return {low: pick((a, b) => a < b), high: pick((a, b) => a > b)};
}
