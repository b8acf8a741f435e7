import {observingKeys, seedKey} from "./sweep-axes.js";
import type {SweepRun} from "./sweep-run.js";

/** Finished runs that differ in nothing but their seed. */
export interface Replicates {
  readonly runs: readonly SweepRun[];
  /** Of the final losses. */
  readonly mean: number;
  /** Estimate of the variance of one run. */
  readonly variance: number;
}

const ignored: readonly string[] = [seedKey, ...observingKeys];

/** All groups of two or more finished runs that differ in their seed only. */
export function replicatesOf(runs: readonly SweepRun[]): Replicates[] {
  const groups = new Map<string, SweepRun[]>();
  for (const run of runs) {
    if (run.loss === null) continue;
    const settings = Object.entries(run.settings).filter(([name]) => !ignored.includes(name));
    const key = JSON.stringify([run.afterTraining, settings]);
    const group = groups.get(key);
    if (!group) groups.set(key, [run]);
    // The same run may stand there twice, once with more that was noted of it.
    else if (group.every(({settings: {seed}}) => seed !== run.settings.seed)) group.push(run);
  }
  return [...groups.values()]
    .filter(({length}) => length > 1)
    .map((group) => {
      const losses = group.map(({loss}) => loss!);
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      const squares = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
      return {runs: group, mean, variance: squares / (losses.length - 1)};
    });
}

/**
 * Standard deviation over seeds of the final loss of one run, as if all groups had the same: the median of the groups'
 * variances, each over the median of its χ² distribution (Wilson and Hilferty 1931), since runs that hardly train
 * scatter without end. NaN without replicates.
 */
export function pooledSpread(groups: readonly Replicates[]): number {
  const estimates = groups.map(({runs, variance}) => variance / medianShare(runs.length - 1));
  return Math.sqrt(median(estimates));
}

/** Two standard errors of the difference of two means over so many seeds: differences below it may be chance. */
export const leastDifference = (spread: number, seeds: number, otherSeeds: number): number =>
  2 * spread * Math.sqrt(1 / seeds + 1 / otherSeeds);

/** Median of a χ² distribution over its degrees of freedom. */
const medianShare = (degrees: number): number => (1 - 2 / (9 * degrees)) ** 3;

function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
