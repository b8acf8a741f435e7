import {fillConstants} from "./coordinates.js";
import {projectLinear} from "./linear-constants.js";
import type {Objective} from "./objective.js";
import {uniforms} from "./random.js";

/** Points from which searches start, each by its number alone. */
export interface Starts {
  readonly count: number;
  readonly at: (index: number) => Float64Array;
}

export interface StartOptions {
  /** All combinations of the values that the law names, or so many random points between the smallest and the largest. */
  readonly starts?: number | "grid";
  /** Linear constants start at their best values given the others, and grids run over the others alone. */
  readonly variableProjection?: boolean;
  readonly seed?: number;
}

/** Grids of more points than this are replaced by so many random starts where nothing is said. */
const defaultStarts = 100;

/** `weights` are those of the runs that the searches see. */
export function startsOf(objective: Objective, weights: Float64Array, options: StartOptions = {}): Starts {
  const {variableProjection = true, seed = 0} = options;
  const {free} = objective.coordinates;
  const values = free.map(({starts, linear}) =>
    variableProjection && linear ? [starts[Math.floor(starts.length / 2)]] : starts,
  );
  const points = values.reduce((product, {length}) => product * length, 1);
  const wanted = options.starts ?? (points <= defaultStarts ? "grid" : defaultStarts);
  const draw = wanted === "grid" ? gridPoint(values) : randomPoint(values, seed);
  return {
    count: wanted === "grid" ? points : wanted,
    at(index) {
      for (let attempt = 0; ; attempt++) {
        const point = draw(index, attempt);
        if (variableProjection) projectLinear(objective, point, weights);
        if (wanted === "grid" || attempt === attempts || hasValue(objective, point, weights)) return point;
      }
    },
  };
}

/** Random starts at which the form has no value are drawn again, so many times. */
const attempts = 20;

const hasValue = (objective: Objective, point: Float64Array, weights: Float64Array): boolean =>
  objective.evaluate(point, weights, new Float64Array(objective.data.rows)) < Number.POSITIVE_INFINITY;

const gridPoint = (values: readonly (readonly number[])[]) => (index: number) => {
  let rest = index;
  return Float64Array.from(values, (choices) => {
    const value = choices[rest % choices.length];
    rest = Math.floor(rest / choices.length);
    return value;
  });
};

function randomPoint(values: readonly (readonly number[])[], seed: number) {
  const uniform = uniforms(seed, "starts");
  const ranges = values.map((choices) => [Math.min(...choices), Math.max(...choices)]);
  return (index: number, attempt: number) =>
    Float64Array.from(
      ranges,
      ([from, to], j) => from + (to - from) * uniform(index, attempt * ranges.length + j),
    );
}

/** The constants at a start, in the law's order. */
export function constantsAt({law, coordinates}: Objective, point: ArrayLike<number>): Float64Array {
  const constants = new Float64Array(law.constants.length);
  fillConstants(coordinates, point, constants);
  return constants;
}
