import {formatLabel} from "./format-label.js";
import {decibels, type NoiseRow} from "./noise-row.js";
import {powerLabel} from "./power-label.js";

/** What stochastic rounding costs one format where it is at its best, and where the error outgrows the numbers. */
export function stochasticClaim(rows: readonly NoiseRow[], format: string): string {
  const curve = (rounding: string) =>
    rows
      .filter((row) => row.format === format && row.rounding === rounding)
      .sort((a, b) => a.log2_spread - b.log2_spread);
  const [nearest, stochastic] = [curve("nearest-even"), curve("stochastic")];
  const atUnit = (of: readonly NoiseRow[]) => decibels(of.find(({log2_spread}) => log2_spread === 0)!);
  const cost = atUnit(nearest) - atUnit(stochastic);
  const drowned = stochastic.filter((row) => row.ratio < 1 && row.log2_spread < 0).at(-1);
  const worse = drowned
    ? ` At a spread of ${powerLabel(Math.floor(drowned.log2_spread))} and below the error is larger than the numbers: what ` +
      "would have become zero becomes, now and then, the smallest value, which is right on average and wrong every time."
    : "";
  return `Stochastic rounding costs ${formatLabel(format)} ${cost.toFixed(1)} dB at unit spread: the mean is right, but each number lands farther away than it has to.${worse}`;
}
