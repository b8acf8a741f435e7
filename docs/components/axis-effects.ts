import {ratesOfCells} from "./rate-searches.js";
import {leastDifference} from "./replicates.js";
import {valuesKey, valuesTitle} from "./run-title.js";
import {rateKey, type SweepAxis, seedKey} from "./sweep-axes.js";
import type {SweepRun} from "./sweep-run.js";

/** What one value of an axis costs against another one, with everything else alike. */
export interface AxisEffect {
  readonly value: string;
  /** What both sides share, `key=value` for each axis besides. */
  readonly context: string;
  /** Mean final loss less that of the reference, in nats per token; null where one side diverged. */
  readonly difference: number | null;
  /** Up to here, seeds alone can make a difference; NaN where the sweep has no replicates. */
  readonly least: number;
  /** The runs with the value. */
  readonly runs: readonly SweepRun[];
}

/**
 * All pairs of runs that differ in one axis only, one of the two with its reference value. Where several learning rates
 * were tried, the best one stands for each side; where there are several seeds, their mean over those that both sides have.
 * @param spread over seeds, of the final loss of one run
 */
export function axisEffects(
  runs: readonly SweepRun[],
  axes: readonly SweepAxis[],
  {axis, reference, spread}: {axis: SweepAxis; reference: string; spread: number},
): AxisEffect[] {
  const others = axes.filter(({key}) => ![axis.key, rateKey, seedKey].includes(key));
  const cells = ratesOfCells(runs, [...others, axis]).map(({results, best}) => {
    const [run] = results[0].runs;
    return {
      best,
      value: axis.textOf(run),
      key: valuesKey(run, others),
      context: valuesTitle(run, others),
      runs: best?.runs ?? results[0].runs,
    };
  });
  const zeros = new Map(cells.filter(({value}) => value === reference).map((cell) => [cell.key, cell]));
  return cells.flatMap(({best, value, key, context, runs: own}) => {
    const zero = zeros.get(key);
    if (value === reference || !zero) return [];
    const isKnown = best !== undefined && zero.best !== undefined;
    const [ours, theirs] = isKnown ? sameSeeds(own, zero.runs) : [own, zero.runs];
    return {
      ...{value, context, runs: ours},
      difference: isKnown ? meanLoss(ours) - meanLoss(theirs) : null,
      least: leastDifference(spread, ours.length, theirs.length),
    };
  });
}

/** Of both sides the runs with seeds that both have, since they begin alike; all where there are none. */
function sameSeeds(
  some: readonly SweepRun[],
  others: readonly SweepRun[],
): [readonly SweepRun[], readonly SweepRun[]] {
  const seeds = (runs: readonly SweepRun[]) => new Set(runs.map(({settings}) => settings.seed));
  const [ours, theirs] = [seeds(some), seeds(others)];
  const common = some.filter(({settings}) => theirs.has(settings.seed));
  return common.length === 0
    ? [some, others]
    : [common, others.filter(({settings}) => ours.has(settings.seed))];
}

const meanLoss = (runs: readonly SweepRun[]): number =>
  runs.reduce((sum, {loss}) => sum + loss!, 0) / runs.length;
