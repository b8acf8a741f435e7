import {readDeclarations} from "../training/corpora/declarations.js";
import type {RunSettings} from "../training/run-settings.js";
import type {PlannedRun} from "./executor.js";
import {type RunCost, runCost, vocabularySize} from "./run-cost.js";
import {workerBytes} from "./run-memory.js";
import {runSpeed} from "./run-speed.js";
import type {RunSummary} from "./run-summary.js";

/** Where a run stands: in the store, published, tried in vain, or none of these. */
export type RunState = "finished" | "published" | "failed" | "missing";

export interface RunForecast extends RunCost {
  readonly id: string;
  readonly label: string;
  readonly state: RunState;
  /** Time on one core: what it took, or an estimate. */
  readonly seconds: number;
}

/** What a sweep would do, and what it needs. Runs that are not in the store are computed, published ones too. */
export interface SweepForecast {
  readonly runs: readonly RunForecast[];
  readonly counts: Readonly<Record<RunState, number>>;
  /** Floating-point operations of all runs, and of those that are not in the store. */
  readonly operations: {readonly all: number; readonly left: number};
  /** What the estimates of time rest on. */
  readonly speed: string;
  /** Time on one core for the runs that are not in the store. */
  readonly coreSeconds: number;
  readonly workers: number;
  /** Time with so many workers, each with a core of its own. */
  readonly seconds: number;
  /** Bytes of the largest run's tensors, and of as many workers as there will be, programs included. */
  readonly memory: {readonly run: number; readonly all: number};
}

export interface ForecastOptions {
  readonly stateOf: (run: PlannedRun) => RunState;
  /** Of the runs that are in the store. */
  readonly finished: ReadonlyMap<string, RunSummary>;
  /** Runs by which speeds are estimated; those of the sweep or more. */
  readonly known?: Iterable<RunSummary>;
  readonly engine: string;
  readonly workers: number;
  /** Of the run that needs most memory, among those that are not in the store. */
  readonly largestRunBytes: number;
}

export function forecast(
  planned: readonly PlannedRun[],
  {stateOf, finished, known = finished.values(), engine, workers, largestRunBytes}: ForecastOptions,
): SweepForecast {
  const declarations = readDeclarations();
  const vocabularyOf = (settings: RunSettings) => vocabularySize(settings, declarations);
  const speed = runSpeed(known, engine, vocabularyOf);
  const runs = planned.map((run): RunForecast => {
    const cost = runCost(run.settings, vocabularyOf(run.settings));
    const seconds =
      finished.get(run.id)?.seconds ?? cost.operations / speed.rate(run.settings, cost.parameters);
    return {id: run.id, label: run.label, state: stateOf(run), ...cost, seconds};
  });
  const left = runs.filter(({state}) => state !== "finished");
  const coreSeconds = sum(left, ({seconds}) => seconds);
  const longest = left.reduce((most, {seconds}) => Math.max(most, seconds), 0);
  const used = Math.min(workers, left.length);
  return {
    runs,
    counts: countStates(runs),
    operations: {all: sum(runs, ({operations}) => operations), left: sum(left, ({operations}) => operations)},
    speed: speed.source,
    coreSeconds,
    workers,
    seconds: left.length === 0 ? 0 : Math.max(coreSeconds / used, longest),
    memory: {run: largestRunBytes, all: used * (largestRunBytes + workerBytes)},
  };
}

function countStates(runs: readonly RunForecast[]): Record<RunState, number> {
  const counts = {finished: 0, published: 0, failed: 0, missing: 0};
  for (const {state} of runs) counts[state] += 1;
  return counts;
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
