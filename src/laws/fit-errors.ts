import type {FitProblem} from "./fit-problem.js";
import type {Outcome} from "./fit-work.js";
import {largestCompute} from "./leave-largest-out.js";
import {meanOf, quantileOf, rootMeanSquare, sortedValues} from "./statistics.js";

/** Errors ln(law) - ln(measured) of runs that the law was not fitted to. */
export interface ErrorMeasure {
  /** In the order of the result's rows, or of `places`; NaN where the form has no value. */
  readonly logErrors: readonly number[];
  readonly rootMeanSquare: number;
  readonly medianAbsolute: number;
  readonly mean: number;
  /** Share of the variance of ln(loss) that is predicted. */
  readonly rSquared: number;
}

export interface LargestError extends ErrorMeasure {
  /** Rows of the table that were left out. */
  readonly places: readonly number[];
  /** 6·N·D of the smallest of them, and of the largest run that was fitted. */
  readonly compute: readonly [number, number];
}

/** Each row is predicted by the fit to the other parts. */
export function errorsOf({objective, data, folds}: FitProblem, outcomes: readonly Outcome[]): ErrorMeasure {
  const errors = new Float64Array(data.rows).fill(Number.NaN);
  const residuals = new Float64Array(data.rows);
  outcomes.forEach(({point}, fold) => {
    const isIn = data.weights.map((_, row) => (folds![row] === fold ? 1 : 0));
    if (objective.evaluate(point, isIn, residuals) === Number.POSITIVE_INFINITY) return;
    for (let row = 0; row < data.rows; row++) if (isIn[row]) errors[row] = residuals[row];
  });
  return measure([...errors], data.logLosses);
}

/** Null where the table does not tell the runs' compute. */
export function largestError(problem: FitProblem, {point}: Outcome): LargestError | null {
  const {objective, data} = problem;
  const isLargest = largestCompute(problem);
  const rows = isLargest.flatMap((is, row) => (is ? [row] : []));
  if (!rows.length) return null;
  const residuals = new Float64Array(data.rows).fill(Number.NaN);
  objective.evaluate(
    point,
    Float64Array.from(isLargest, (is) => (is ? 1 : 0)),
    residuals,
  );
  const fitted = data.compute.filter((_, row) => !isLargest[row]);
  const leftOut = data.compute.filter((_, row) => isLargest[row]);
  return {
    ...measure(
      rows.map((row) => residuals[row]),
      rows.map((row) => data.logLosses[row]),
    ),
    places: rows.map((row) => data.places[row]),
    compute: [sortedValues(leftOut)[0], sortedValues(fitted).at(-1)!],
  };
}

function measure(logErrors: readonly number[], logLosses: ArrayLike<number>): ErrorMeasure {
  const mean = meanOf(logLosses);
  const deviations = Array.from(logLosses, (value) => value - mean);
  return {
    logErrors,
    rootMeanSquare: rootMeanSquare(logErrors),
    medianAbsolute: quantileOf(sortedValues(logErrors.map(Math.abs)), 0.5),
    mean: meanOf(logErrors),
    rSquared: 1 - rootMeanSquare(logErrors) ** 2 / rootMeanSquare(deviations) ** 2,
  };
}
