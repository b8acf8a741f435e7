import {valuesKey, valuesTitle} from "./run-title.js";
import {rateKey, type SweepAxis, seedKey} from "./sweep-axes.js";
import type {SweepRun} from "./sweep-run.js";

/** The mean loss at one learning rate, over the seeds that all rates have; null where a run diverged. */
export interface RateResult {
  readonly rate: number;
  readonly loss: number | null;
  readonly runs: readonly SweepRun[];
}

/** Runs that differ in learning rate and seed only. */
export interface RateSearch {
  /** What they share, `key=value` for each axis besides. */
  readonly label: string;
  /** From the smallest rate. */
  readonly results: readonly RateResult[];
  /** The rate with the lowest mean loss; undefined where all diverged. */
  readonly best: RateResult | undefined;
  /** Whether a smaller and a larger rate were tried, and were worse. */
  readonly isInterior: boolean;
}

/** The searches for a learning rate in a sweep: runs at three or more rates with everything else alike. */
export function rateSearches(runs: readonly SweepRun[], axes: readonly SweepAxis[]): RateSearch[] {
  return ratesOfCells(runs, axes).filter(({results}) => results.length >= 3);
}

/** The rates that were tried with everything else alike, one or more. */
export function ratesOfCells(runs: readonly SweepRun[], axes: readonly SweepAxis[]): RateSearch[] {
  const others = axes.filter(({key}) => key !== rateKey && key !== seedKey);
  const cells = new Map<string, SweepRun[]>();
  for (const run of runs) {
    const key = valuesKey(run, others);
    const cell = cells.get(key);
    if (cell) cell.push(run);
    else cells.set(key, [run]);
  }
  return [...cells.values()].map((cell) => {
    const rates = [...new Set(cell.map(({settings}) => settings.learningRate))].sort((a, b) => a - b);
    const seeds = commonSeeds(cell, rates);
    const results = rates.map((rate) => rateResult(rate, cell, seeds));
    const tried = results.filter(({loss}) => loss !== null);
    const best = tried.reduce<RateResult | undefined>(
      (least, result) => (least === undefined || result.loss! < least.loss! ? result : least),
      undefined,
    );
    const place = best ? results.indexOf(best) : -1;
    return {
      label: valuesTitle(cell[0], others),
      results,
      best,
      isInterior: place > 0 && place < results.length - 1,
    };
  });
}

function rateResult(rate: number, cell: readonly SweepRun[], seeds: readonly number[]): RateResult {
  const runs = cell.filter(({settings}) => settings.learningRate === rate);
  const compared = runs.filter(({settings}) => seeds.includes(settings.seed));
  const losses = (compared.length > 0 ? compared : runs).map(({loss}) => loss);
  const total = losses.reduce<number | null>(
    (sum, loss) => (sum === null || loss === null ? null : sum + loss),
    0,
  );
  return {rate, loss: total === null ? null : total / losses.length, runs};
}

/** Seeds with which every rate was tried: more of them at one rate would make its mean another one. */
const commonSeeds = (cell: readonly SweepRun[], rates: readonly number[]): number[] =>
  [...new Set(cell.map(({settings}) => settings.seed))].filter((seed) =>
    rates.every((rate) =>
      cell.some(({settings}) => settings.seed === seed && settings.learningRate === rate),
    ),
  );
