import {failure} from "../errors.js";
import {pointAt} from "./coordinates.js";
import {type FitOptions, type FitProblem, fitProblem} from "./fit-problem.js";
import {type FitResult, fitResult} from "./fit-result.js";
import {doWork, type FitWork, type Outcome, otherDeltas} from "./fit-work.js";
import type {Law} from "./law.js";
import {minimize} from "./minimize.js";
import type {RunTable} from "./run-table.js";

export type {BootstrapOptions, FitOptions, HeldOutOptions, LeaveLargestOutOptions} from "./fit-problem.js";
export {fitProblem} from "./fit-problem.js";
export type {Estimate, FitResult} from "./fit-result.js";
export type {RunTable} from "./run-table.js";

export interface FitProgress {
  readonly stage: FitWork["kind"];
  readonly done: number;
  readonly of: number;
}

export interface FitEvents {
  readonly onProgress?: (progress: FitProgress) => void;
  /** Asked between searches; a fit that is stopped throws. */
  readonly isStopped?: () => boolean;
}

/**
 * Fits the constants of a law to runs: least Huber loss of ln(law) - ln(measured), from many starts, with exact
 * gradients, inside the constants' bounds.
 * @throws what `fitProblem` does; a failure where no start leads anywhere, or when it is stopped
 */
export function fit(law: Law, table: RunTable, options: FitOptions = {}, events: FitEvents = {}): FitResult {
  const problem = fitProblem(law, table, options);
  const steps = fitSteps(problem);
  let step = steps.next();
  while (!step.done) {
    const {value: work} = step;
    const outcomes: Outcome[] = [];
    for (let from = work.from; from < work.to; from++) {
      if (events.isStopped?.()) throw stopped();
      outcomes.push(...doWork(problem, {...work, from, to: from + 1}));
      events.onProgress?.({stage: work.kind, done: from + 1, of: work.to});
    }
    step = steps.next(outcomes);
  }
  return step.value;
}

export const stopped = () => failure("the fit was stopped");

/**
 * A fit without a say in who does the searches: yields work that may be divided among threads, and takes its outcomes, in
 * order.
 */
export function* fitSteps(problem: FitProblem): Generator<FitWork, FitResult, readonly Outcome[]> {
  const {objective, starts, options, data, foldCount} = problem;
  const found = yield {kind: "starts", from: 0, to: starts.count};
  const lowest = found.toSorted((a, b) => a.objective - b.objective).slice(0, problem.isSampled ? 3 : 1);
  if (lowest[0].objective === Number.POSITIVE_INFINITY)
    throw failure(`${problem.law.name} has no value at these runs from any of ${starts.count} starts`);
  const polished = lowest.map(({point}) =>
    minimize(objective, point, data.weights, {isNear: true, tolerance: 1e-14, maxIterations: 2000}),
  );
  const best = [...polished.reduce((a, b) => (b.objective < a.objective ? b : a)).point];
  const replicates = options.bootstrap
    ? yield {kind: "replicates", from: 0, to: options.bootstrap.replicates, best}
    : undefined;
  const folds = options.heldOut ? yield {kind: "folds", from: 0, to: foldCount, best} : undefined;
  const largest = options.leaveLargestOut ? yield {kind: "largest", from: 0, to: 1, best} : undefined;
  const deltas = options.sensitivity
    ? yield {kind: "deltas", from: 0, to: otherDeltas(problem).length, best}
    : undefined;
  const groups = options.sensitivity ? yield {kind: "groups", from: 0, to: data.groupCount, best} : undefined;
  return fitResult(problem, {best, found, replicates, folds, largest: largest?.[0], deltas, groups});
}

/** The objective at given constants inside the bounds, such as published ones, to compare with that of a fit. */
export function objectiveAt(problem: FitProblem, constants: ArrayLike<number>): number {
  const {objective, data} = problem;
  const residuals = new Float64Array(data.rows);
  return objective.evaluate(pointAt(objective.coordinates, constants), data.weights, residuals);
}
