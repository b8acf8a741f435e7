import type {DriftRow} from "./drift-row.js";

/**
 * How far the spreads move between the first step and the last in fp32: the middle factor over all tensors of each
 * scheme, and the largest.
 */
export function driftClaim(rows: readonly DriftRow[]): string {
  const last = Math.max(...rows.map(({step}) => step));
  const factors = (scheme: string) => {
    const ofRun = rows.filter((row) => row.scheme === scheme && row.recipe === "fp32");
    const starts = new Map(
      ofRun.filter(({step}) => step === 0).map((row) => [`${row.layer} ${row.tensor}`, row.spread]),
    );
    return ofRun
      .filter(({step}) => step === last)
      .map((row) => row.spread / (starts.get(`${row.layer} ${row.tensor}`) ?? Number.NaN))
      .filter((factor) => Number.isFinite(factor) && factor > 0)
      .map((factor) => Math.max(factor, 1 / factor))
      .sort((a, b) => a - b);
  };
  const [standard, unit] = [factors("standard"), factors("unit")];
  if (standard.length === 0 || unit.length === 0) return "";
  const middle = (values: readonly number[]) => values[Math.floor(values.length / 2)].toFixed(1);
  const most = (values: readonly number[]) => Math.round(values.at(-1)!);
  return (
    `Over ${last} steps half of the tensors of the standard network have their spread changed by a factor of ` +
    `${middle(standard)} or more, and the one that moves most by ${most(standard)}; under unit scaling the factors are ` +
    `${middle(unit)} and ${most(unit)}.`
  );
}
