import {type Curvature, curvatureAt} from "./curvature.js";
import type {FitProblem} from "./fit-problem.js";
import type {Outcome} from "./fit-work.js";
import {constantsAt} from "./starts.js";
import {quantileOf, sortedValues, standardDeviation, studentQuantile} from "./statistics.js";

/** A constant, or what is derived from the constants. */
export interface Estimate {
  readonly name: string;
  readonly symbol: string;
  readonly value: number;
  /** From the bootstrap where there is one, else from the curvature at the optimum; null where there is none. */
  readonly standardError: number | null;
  readonly interval: readonly [number, number] | null;
  /** False where the runs do not tell the value; the warnings say why. */
  readonly identified: boolean;
  /** The value is a bound of the search. */
  readonly atBound: boolean;
  readonly fixed: boolean;
}

export interface Estimates {
  readonly constants: readonly Estimate[];
  readonly derived: readonly Estimate[];
  readonly conditionNumber: number;
  readonly curvature: Curvature;
  /** Free coordinates whose interval reaches a bound. */
  readonly unbounded: readonly number[];
  /** Free coordinates that differ among the starts that reached the best objective, with the range of their values. */
  readonly wandering: ReadonlyMap<number, readonly [number, number]>;
}

/** In parts of the bounds' distance. */
const nearBound = 1e-6;

export function estimatesOf(
  {law, objective, data}: FitProblem,
  best: readonly number[],
  reached: readonly Outcome[],
  replicates: readonly Outcome[] | undefined,
  confidence: number,
): Estimates {
  const {free} = objective.coordinates;
  const curvature = curvatureAt(objective, best);
  const {size} = objective;
  const samples = replicates?.map(({point}) => point);
  const quantile = studentQuantile(0.5 + confidence / 2, Math.max(1, data.rows - size));
  const isAtBound = free.map(({lower, upper}, j) => isNear(best[j], lower, upper));
  const wandering = new Map(
    free.flatMap((_, j) => {
      const range = rangeOf(reached.map(({point}) => point[j]));
      const error = Math.sqrt(curvature.covariance[j * size + j]);
      const same = Math.max(0.01 * (1 + Math.abs(best[j])), Number.isFinite(error) ? 2 * error : 0);
      return range[1] - range[0] > same ? [[j, range] as const] : [];
    }),
  );
  const isFlat = free.map(
    (_, j) =>
      data.rows <= size ||
      wandering.has(j) ||
      curvature.confounded.some((group) => group.includes(j)) ||
      !isSensed(curvature, j),
  );

  const intervals = free.map((_, j): readonly [number, number] | null => {
    if (samples) return percentiles(samples.map((point) => point[j]));
    const error = Math.sqrt(curvature.covariance[j * size + j]);
    return Number.isFinite(error) ? [best[j] - quantile * error, best[j] + quantile * error] : null;
  });
  const unbounded = free.flatMap(({lower, upper}, j) => {
    const margin = nearBound * (upper - lower);
    const interval = intervals[j];
    return interval && (interval[0] <= lower + margin || interval[1] >= upper - margin) ? [j] : [];
  });

  const values = constantsAt(objective, best);
  const constants = law.constants.map(({name, symbol}, place): Estimate => {
    const value = values[place];
    const j = free.findIndex(({places}) => places.includes(place));
    const isFixed = j < 0;
    if (isFixed) {
      return {name, symbol, value, ...nothing, identified: true, atBound: false, fixed: true};
    }
    const {logarithmic, lower, upper} = free[j];
    const of = (coordinate: number) => {
      const inside = Math.min(upper, Math.max(lower, coordinate));
      return logarithmic ? Math.exp(inside) : inside;
    };
    const interval = intervals[j];
    const error = samples
      ? standardDeviation(samples.map((point) => of(point[j])))
      : Math.sqrt(curvature.covariance[j * size + j]) * (logarithmic ? value : 1);
    return {
      ...{name, symbol, value},
      standardError: isFlat[j] || !Number.isFinite(error) ? null : error,
      interval: isFlat[j] || !interval ? null : [of(interval[0]), of(interval[1])],
      identified: !isFlat[j] && !isAtBound[j] && !unbounded.includes(j),
      atBound: isAtBound[j],
      fixed: false,
    };
  });

  const derived = law.derived.map((quantity): Estimate => {
    const {name, symbol} = quantity;
    const of = (point: ArrayLike<number>) => quantity.of(constantsAt(objective, point));
    const value = of(best);
    const slopes = free.map((_, j) => slopeOf(of, best, j));
    const isKnown = free.every((_, j) => slopes[j] === 0 || !isFlat[j]);
    const spread = samples?.map(of).filter((sample) => Number.isFinite(sample));
    const error = spread?.length
      ? standardDeviation(spread)
      : deltaMethod(slopes, curvature.covariance, size);
    const isUsable = Number.isFinite(value) && Number.isFinite(error) && isKnown;
    return {
      ...{name, symbol, value, atBound: false, fixed: slopes.every((slope) => slope === 0)},
      standardError: isUsable ? error : null,
      interval: !isUsable
        ? null
        : spread?.length
          ? percentiles(spread)
          : [value - quantile * error, value + quantile * error],
      identified: isUsable && free.every((_, j) => slopes[j] === 0 || !isAtBound[j]),
    };
  });
  return {constants, derived, conditionNumber: curvature.conditionNumber, curvature, unbounded, wandering};

  function percentiles(values: readonly number[]): readonly [number, number] {
    const sorted = sortedValues(values);
    return [quantileOf(sorted, (1 - confidence) / 2), quantileOf(sorted, (1 + confidence) / 2)];
  }
}

const rangeOf = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;

const nothing = {standardError: null, interval: null} as const;

/** Does any prediction change with the coordinate? */
export const isSensed = ({sensitivity}: Curvature, j: number): boolean => sensitivity[j] > 1e-7;

const isNear = (value: number, lower: number, upper: number) =>
  Math.min(value - lower, upper - value) <= nearBound * (upper - lower);

/** Derivative by coordinate j, by central differences. */
function slopeOf(of: (point: ArrayLike<number>) => number, point: readonly number[], j: number): number {
  const step = 1e-5 * Math.max(1, Math.abs(point[j]));
  const at = (value: number) => of(point.with(j, value));
  return (at(point[j] + step) - at(point[j] - step)) / (2 * step);
}

/** Standard error of a function with these derivatives. */
function deltaMethod(slopes: readonly number[], covariance: Float64Array, size: number): number {
  let sum = 0;
  for (const [j, slope] of slopes.entries())
    for (const [k, other] of slopes.entries())
      if (slope !== 0 && other !== 0) sum += slope * other * covariance[j * size + k];
  return Math.sqrt(sum);
}
