import {powerLabel} from "./power-label.js";
import {spreadRange} from "./spread-range.js";
import type {VarianceRow} from "./variance-row.js";

/**
 * What the rows of one stage and recipe show, in one sentence: over how many powers of two the spreads of each scheme
 * extend. The comparison is drawn only where the rows bear it out.
 */
export function varianceTakeaway(rows: readonly VarianceRow[]): string {
  const extent = (scheme: string) => {
    const range = spreadRange(rows.filter((row) => row.scheme === scheme));
    return range && {low: Math.log2(range.low.spread), high: Math.log2(range.high.spread)};
  };
  const [standard, unit] = [extent("standard"), extent("unit")];
  if (!standard || !unit) return "The spread of each tensor along the network.";
  const between = ({low, high}: {low: number; high: number}) => `${powerLabel(low)} and ${powerLabel(high)}`;
  const isNarrower = unit.high - unit.low < standard.high - standard.low;
  return isNarrower
    ? `Standard training spreads its tensors between ${between(standard)}; unit scaling keeps them between ${between(unit)}.`
    : `Unit scaling spreads its tensors between ${between(unit)}, no closer together than the ${between(standard)} of standard training.`;
}
