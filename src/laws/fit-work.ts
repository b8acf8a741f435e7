import type {FitProblem} from "./fit-problem.js";
import {largestCompute} from "./leave-largest-out.js";
import {type Minimum, minimize} from "./minimize.js";
import {objectiveOf} from "./objective.js";
import {randomIndex, uniforms} from "./random.js";

/**
 * A share of a fit's searches, `from` … `to` - 1, that any thread can do. Each search depends on its number alone, so
 * that results are the same however the work is divided. `best` is the point of the best search from the starts.
 */
export type FitWork =
  | {readonly kind: "starts"; readonly from: number; readonly to: number}
  | {
      readonly kind: "replicates" | "folds" | "largest" | "deltas" | "groups";
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
        : work.kind === "deltas"
          ? outcomeOf(fitWithDelta(problem, work.best, otherDeltas(problem)[i]))
          : work.kind === "groups"
            ? outcomeOf(fitWithoutGroup(problem, work.best, i))
            : outcomeOf(refit(problem, work.best, weightsOf(problem, work.kind, i), i)),
    );
  }
  return outcomes;
}

const outcomeOf = ({point, objective, converged}: Minimum): Outcome => ({
  point: [...point],
  ...{objective, converged},
});

const fitStart = ({objective, starts, startWeights}: FitProblem, index: number): Minimum =>
  minimize(objective, starts.at(index), startWeights);

/** From the best point of all runs, and from one of the starts, which is another for each search. */
function refit(
  {objective, starts, isSampled}: FitProblem,
  best: readonly number[],
  weights: Float64Array,
  index: number,
): Minimum {
  const near = minimize(objective, best, weights, {isNear: true});
  if (isSampled) return near; // many runs leave no doubt about the valley
  const far = minimize(objective, starts.at(index % starts.count), weights);
  return far.objective < near.objective ? far : near;
}

/** The deltas that a fit is repeated with to see how much hangs on them: a tenth, ten times, and squares throughout. */
export const otherDeltas = ({objective: {delta}}: FitProblem): readonly number[] => [
  delta / 10,
  delta * 10,
  Number.POSITIVE_INFINITY,
];

function fitWithDelta({law, data, objective}: FitProblem, best: readonly number[], delta: number): Minimum {
  return minimize(objectiveOf(law, data, objective.coordinates, delta), best, data.weights);
}

function fitWithoutGroup({data, objective}: FitProblem, best: readonly number[], group: number): Minimum {
  const weights = data.weights.map((weight, row) => (data.groups[row] === group ? 0 : weight));
  return minimize(objective, best, weights, {isNear: true});
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
function bootstrapWeights({data, options}: FitProblem, replicate: number): Float64Array {
  const {by = "run", seed = 0} = options.bootstrap!;
  const uniform = uniforms(seed, "bootstrap");
  const count = by === "run" ? data.rows : data.groupCount;
  const drawn = new Float64Array(count);
  for (let i = 0; i < count; i++) drawn[randomIndex(uniform(replicate, i), count)] += 1;
  return data.weights.map((weight, row) => weight * drawn[by === "run" ? row : data.groups[row]]);
}
