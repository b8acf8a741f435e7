import type {FitProblem} from "./fit-problem.js";
import {largestCompute} from "./leave-largest-out.js";
import {type Minimum, minimize} from "./minimize.js";
import {randomIndex, uniforms} from "./random.js";

/**
 * A share of a fit's searches, `from` … `to` - 1, that any thread can do. Each search depends on its number alone, so
 * that results are the same however the work is divided. `best` is the point of the best search from the starts.
 */
export type FitWork =
  | {readonly kind: "starts"; readonly from: number; readonly to: number}
  | {
      readonly kind: "replicates" | "folds" | "largest";
      readonly from: number;
      readonly to: number;
      readonly best: readonly number[];
    };

/** Where one search ended, in a form that can be sent. */
export interface Outcome {
  readonly point: readonly number[];
  readonly objective: number;
  readonly converged: boolean;
}

export function doWork(problem: FitProblem, work: FitWork): Outcome[] {
  const outcomes: Outcome[] = [];
  for (let i = work.from; i < work.to; i++) {
    outcomes.push(
      work.kind === "starts"
        ? outcomeOf(fitStart(problem, i))
        : outcomeOf(refit(problem, work.best, weightsOf(problem, work.kind, i), i)),
    );
  }
  return outcomes;
}

const outcomeOf = ({point, objective, converged}: Minimum): Outcome => ({
  point: [...point],
  ...{objective, converged},
});

const fitStart = ({objective, starts, data}: FitProblem, index: number): Minimum =>
  minimize(objective, starts.at(index), data.weights);

/** From the best point of all runs, and from one of the starts, which is another for each search. */
function refit(
  {objective, starts}: FitProblem,
  best: readonly number[],
  weights: Float64Array,
  index: number,
): Minimum {
  const near = minimize(objective, best, weights, {isNear: true});
  const far = minimize(objective, starts.at(index % starts.count), weights);
  return far.objective < near.objective ? far : near;
}

function weightsOf(
  problem: FitProblem,
  kind: "replicates" | "folds" | "largest",
  index: number,
): Float64Array {
  const {data, folds} = problem;
  if (kind === "replicates") return bootstrapWeights(problem, index);
  if (kind === "folds") return data.weights.map((weight, row) => (folds![row] === index ? 0 : weight));
  const isLargest = largestCompute(problem);
  return data.weights.map((weight, row) => (isLargest[row] ? 0 : weight));
}

/** How often each row, or each row's group, is drawn, times its weight. */
export function bootstrapWeights({data, options}: FitProblem, replicate: number): Float64Array {
  const {by = "run", seed = 0} = options.bootstrap!;
  const uniform = uniforms(seed, "bootstrap");
  const count = by === "run" ? data.rows : data.groupCount;
  const drawn = new Float64Array(count);
  for (let i = 0; i < count; i++) drawn[randomIndex(uniform(replicate, i), count)] += 1;
  return data.weights.map((weight, row) => weight * drawn[by === "run" ? row : data.groups[row]]);
}
