import {type Estimate, type Estimates, estimatesOf} from "./estimates.js";
import {type ErrorMeasure, errorsOf, type LargestError, largestError} from "./fit-errors.js";
import type {FitProblem} from "./fit-problem.js";
import {warningsOf} from "./fit-warnings.js";
import type {Outcome} from "./fit-work.js";
import {type Sensitivity, sensitivityOf} from "./sensitivity.js";
import {constantsAt} from "./starts.js";
import {meanOf, rootMeanSquare} from "./statistics.js";

export type {Estimate} from "./estimates.js";

export interface FitResult {
  /** Name of the law. */
  readonly law: string;
  /** Rows that were used. */
  readonly rows: number;
  /** Their places in the table, in the order of `predictions`. */
  readonly places: readonly number[];
  readonly dropped: readonly {readonly row: number; readonly reason: string}[];
  /** Blocks of equal N and D, or of what was asked for. */
  readonly groups: number;
  readonly constants: readonly Estimate[];
  readonly derived: readonly Estimate[];
  /** Constants that the fit was free to choose; tied ones count once. */
  readonly freeConstants: number;
  readonly confidence: number;
  /** Σ weight · Huber(ln(law) - ln(measured)). */
  readonly objective: number;
  readonly huberDelta: number;
  /** Losses in nats per token. */
  readonly predictions: readonly number[];
  /** ln(law) - ln(measured); NaN where the form has no value, which can only be in runs that do not count. */
  readonly logResiduals: readonly number[];
  /** Of the residuals of runs that count. */
  readonly rootMeanSquare: number;
  /** Of ln(loss), in the sample. */
  readonly rSquared: number;
  readonly starts: {
    readonly count: number;
    readonly converged: number;
    /** How many reached the lowest objective, to a millionth of it. */
    readonly best: number;
  };
  /** Largest over smallest eigenvalue of the Gauss-Newton Hessian in the search's coordinates; null where it is singular. */
  readonly conditionNumber: number | null;
  readonly bootstrap: null | {
    readonly by: "run" | "group";
    readonly replicates: number;
    readonly confidence: number;
    /** Constants of each replicate, in the law's order. */
    readonly constants: readonly (readonly number[])[];
  };
  readonly heldOut: null | (ErrorMeasure & {readonly folds: number; readonly seed: number});
  readonly leaveLargestOut: null | LargestError;
  readonly sensitivity: null | Sensitivity;
  readonly warnings: readonly string[];
}

/** What the searches of a fit found. */
interface Findings {
  readonly best: readonly number[];
  readonly found: readonly Outcome[];
  readonly replicates?: readonly Outcome[];
  readonly folds?: readonly Outcome[];
  readonly largest?: Outcome;
  readonly deltas?: readonly Outcome[];
  readonly groups?: readonly Outcome[];
}

export function fitResult(problem: FitProblem, findings: Findings): FitResult {
  const {law, data, objective, options} = problem;
  const {best, found, replicates, folds, largest, deltas, groups} = findings;
  const constants = constantsAt(objective, best);
  const {inputs, width, logLosses, weights} = data;
  const residuals = logLosses.map((logLoss, i) => {
    const loss = law.evaluate(constants, inputs.subarray(i * width, (i + 1) * width));
    return Math.log(loss) - logLoss;
  });
  const counts = (_: number, i: number) => weights[i] > 0;
  const lowest = found.reduce((least, outcome) => Math.min(least, outcome.objective), Infinity);
  const confidence = options.confidence ?? 0.95;
  // To a millionth, or to what rounding leaves where the law fits exactly.
  const margin = 1e-6 * lowest + 1e-9 * data.rows * objective.delta ** 2;
  const reached = found.filter((outcome) => outcome.objective <= lowest + margin);
  const estimates: Estimates = estimatesOf(problem, best, reached, replicates, confidence);
  const used = logLosses.filter(counts);
  const mean = meanOf(used);
  const error = rootMeanSquare(residuals.filter(counts));
  const logResiduals = [...residuals];
  const result: Omit<FitResult, "warnings"> = {
    law: law.name,
    ...{rows: data.rows, places: data.places, dropped: data.dropped, groups: data.groupCount},
    constants: estimates.constants,
    derived: estimates.derived,
    freeConstants: objective.size,
    confidence,
    objective: objective.evaluate(best, weights, new Float64Array(data.rows)),
    huberDelta: objective.delta,
    predictions: logResiduals.map((residual, i) => Math.exp(residual + logLosses[i])),
    logResiduals,
    rootMeanSquare: error,
    rSquared: 1 - (error / rootMeanSquare(used.map((logLoss) => logLoss - mean))) ** 2,
    starts: {
      count: found.length,
      converged: found.filter(({converged}) => converged).length,
      best: reached.length,
    },
    conditionNumber: Number.isFinite(estimates.conditionNumber) ? estimates.conditionNumber : null,
    bootstrap: replicates
      ? {
          by: options.bootstrap!.by ?? "run",
          replicates: replicates.length,
          confidence,
          constants: replicates.map(({point}) => [...constantsAt(objective, point)]),
        }
      : null,
    heldOut: folds
      ? {
          ...errorsOf(problem, folds),
          folds: problem.foldCount,
          seed: options.heldOut!.seed ?? 0,
        }
      : null,
    sensitivity: deltas && groups ? sensitivityOf(problem, estimates.constants, {deltas, groups}) : null,
    leaveLargestOut: largest ? largestError(problem, largest) : null,
  };
  return {...result, warnings: warningsOf(problem, result, estimates)};
}
