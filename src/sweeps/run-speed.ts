import type {RunSettings} from "../training/run-settings.js";
import {runCost} from "./run-cost.js";
import type {RunSummary} from "./run-summary.js";

/** How fast runs are, by which their time is estimated. */
export interface RunSpeed {
  /** What the estimates rest on, for people: `by 120 finished runs of this engine`. */
  readonly source: string;
  /** Operations per second on one core, as `runCost` counts them. */
  readonly rate: (settings: RunSettings, parameters: number) => number;
}

/** Operations per second by parameters, as measured on one core of a rented server with recipes of all kinds. */
const measuredRates: readonly (readonly [parameters: number, rate: number])[] = [
  [4e3, 6e9],
  [15e3, 8e9],
  [52e3, 10e9],
  [200e3, 14e9],
  [800e3, 17.5e9],
  [3.2e6, 19.5e9],
];

/** Fewer finished runs say too little. */
const fewestRuns = 3;

/** The speed of runs that are like some of those finished by an engine, or else of a table. */
export function runSpeed(
  finished: Iterable<RunSummary>,
  engine: string,
  vocabularyOf: (settings: RunSettings) => number,
): RunSpeed {
  const kinds = new Map<string, {settings: RunSettings; parameters: number; rates: number[]}>();
  let count = 0;
  for (const summary of finished) {
    const {settings, parameters, seconds, diverged} = summary;
    if (summary.engine !== engine || diverged || !(seconds > 0)) continue;
    const rate = runCost(settings, vocabularyOf(settings)).operations / seconds;
    const kind = kinds.get(kindOf(settings)) ?? {settings, parameters, rates: []};
    kinds.set(kindOf(settings), kind);
    kind.rates.push(rate);
    count += 1;
  }
  if (count < fewestRuns) {
    return {source: "by a table for one core of a server", rate: (_, parameters) => tableRate(parameters)};
  }
  const known = [...kinds.values()].map(({settings, parameters, rates}) => ({
    ...{settings, parameters, rate: median(rates)},
  }));
  const found = new Map<string, number>();
  const rate = (settings: RunSettings, parameters: number): number => {
    const kind = kindOf(settings);
    if (!found.has(kind)) {
      const distance = (other: (typeof known)[number]) => unlikeness(settings, parameters, other);
      const nearest = known.reduce((best, other) => (distance(other) < distance(best) ? other : best));
      // Beyond what was finished the table tells how the speed goes on.
      found.set(kind, (nearest.rate * tableRate(parameters)) / tableRate(nearest.parameters));
    }
    return found.get(kind)!;
  };
  return {source: `by ${count} finished runs of this engine`, rate};
}

/** Settings on which the speed depends most. */
const kindOf = (settings: RunSettings): string =>
  [
    ...[settings.layers, settings.width, settings.heads, settings.context, settings.batch],
    ...[settings.sequenceLayer, settings.recipe, settings.forwardWeight, settings.forwardActivation],
    ...[settings.inputGradientGradient, settings.weightGradientGradient, settings.forwardUnit],
    ...[settings.optimizer, settings.probeEvery],
  ].join(" ");

/** How much longer or shorter a step may take, in powers of two; a guess that only has to find a run of the same kind. */
function unlikeness(
  settings: RunSettings,
  parameters: number,
  other: {readonly settings: RunSettings; readonly parameters: number},
): number {
  const ratio = (a: number, b: number) => Math.abs(Math.log2(a / b));
  const differs = (key: keyof RunSettings) => (settings[key] === other.settings[key] ? 0 : 1);
  return (
    ratio(parameters, other.parameters) +
    ratio(settings.context * settings.batch, other.settings.context * other.settings.batch) / 4 +
    2 * differs("sequenceLayer") +
    4 * differs("forwardUnit") +
    (differs("recipe") + differs("forwardWeight") + differs("forwardActivation") + differs("optimizer")) / 4 +
    differs("probeEvery") / 2
  );
}

/** Between the points of the table, and like its ends beyond them. */
function tableRate(parameters: number): number {
  const above = measuredRates.findIndex(([size]) => size >= parameters);
  if (above === 0) return measuredRates[0][1];
  if (above === -1) return measuredRates[measuredRates.length - 1][1];
  const [[low, slow], [high, fast]] = [measuredRates[above - 1], measuredRates[above]];
  return slow + ((fast - slow) * Math.log2(parameters / low)) / Math.log2(high / low);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
