import {solveInPlace} from "./cholesky.js";
import {huber, huberSlope} from "./huber.js";
import type {Objective} from "./objective.js";
import {quantileOf} from "./statistics.js";

/** Where a search ended. */
export interface Minimum {
  readonly point: Float64Array;
  /** Infinity where the form had no value at the start. */
  readonly objective: number;
  /** No step promised to lower the objective by a relevant part. */
  readonly converged: boolean;
  /** Points that were tried. */
  readonly iterations: number;
}

interface SearchOptions {
  readonly maxIterations?: number;
  /** Converged when a step promises to lower the objective by less than this part of it. */
  readonly tolerance?: number;
  /** Starts near the end, so that no larger deltas have to lead the way. */
  readonly isNear?: boolean;
}

/** The farthest that one step moves a coordinate: a factor of e² for logarithms. */
const farthest = 2;

const firstDamping = 0.01;
const smallestDamping = 1e-7;

/** Added to the curvature with the damping, in parts of the largest one: flat directions get short steps. */
const ridge = 1e-4;

/** Tolerance on the way to the last delta, and the factor by which delta falls. */
const roughly = 1e-4;
const shrinking = 8;

/**
 * Minimizes within the bounds, from a point inside them. With a small delta the objective has a kink at almost every run,
 * and a search from afar would have to walk along them; so it is led by larger ones: first all runs count by their
 * squares, then ever fewer.
 */
export function minimize(
  objective: Objective,
  start: ArrayLike<number>,
  weights: Float64Array,
  options: SearchOptions = {},
): Minimum {
  const {maxIterations = 400, tolerance = 1e-9, isNear = false} = options;
  const search: Search = {
    ...{objective, weights, maxIterations, iterations: 0},
    here: placeOf(objective),
    there: placeOf(objective),
    model: modelOf(objective),
  };
  search.here.point.set(start);
  search.here.value = evaluate(search, search.here, objective.delta);
  if (search.here.value === Number.POSITIVE_INFINITY)
    return {point: search.here.point, objective: search.here.value, converged: false, iterations: 0};
  let delta = isNear ? objective.delta : Number.POSITIVE_INFINITY;
  let converged = descend(search, delta, isNear ? tolerance : roughly);
  while (delta > objective.delta) {
    delta = Math.max(objective.delta, Math.min(medianResidual(search), delta / shrinking));
    converged = descend(search, delta, delta > objective.delta ? roughly : tolerance);
  }
  const {here, iterations} = search;
  return {point: here.point, objective: here.value, converged, iterations};
}

interface Search {
  readonly objective: Objective;
  readonly weights: Float64Array;
  readonly maxIterations: number;
  readonly model: Model;
  here: Place;
  there: Place;
  iterations: number;
}

/** A point of the search with what was computed there. */
interface Place {
  readonly point: Float64Array;
  readonly residuals: Float64Array;
  readonly jacobian: Float64Array;
  value: number;
}

const placeOf = ({size, data}: Objective): Place => ({
  point: new Float64Array(size),
  residuals: new Float64Array(data.rows),
  jacobian: new Float64Array(data.rows * size),
  value: Number.POSITIVE_INFINITY,
});

const evaluate = ({objective, weights}: Search, {point, residuals, jacobian}: Place, delta: number): number =>
  objective.evaluate(point, weights, residuals, jacobian, delta);

/**
 * Goes down from `search.here` until it has converged. The curvature of the quadratic model behind each step is that of
 * the Huber losses (1 within delta, 0 beyond) plus `damping` times that of iteratively reweighted least squares, whose
 * model lies above the losses: with large damping steps are short and go down, with small damping they are Newton's.
 */
function descend(search: Search, delta: number, tolerance: number): boolean {
  const {objective, weights, model} = search;
  const {here} = search;
  here.value = 0;
  for (let i = 0; i < weights.length; i++)
    if (weights[i] !== 0) here.value += weights[i] * huber(here.residuals[i], delta);
  accumulate(objective, here, weights, delta, model);
  let damping = firstDamping;
  let least = smallestDamping; // smaller ones were tried here, and led up
  let small = 0;
  while (search.iterations < search.maxIterations) {
    const {here, there} = search;
    const promised = propose(objective, here, model, damping, there.point);
    if (promised <= tolerance * here.value) {
      if (damping <= least) return true;
      damping = Math.max(least, damping / 4);
      continue;
    }
    search.iterations += 1;
    there.value = evaluate(search, there, delta);
    const gain = here.value - there.value;
    if (!(gain > 0)) {
      damping *= 5;
      least = damping;
      continue;
    }
    if (gain > 0.7 * promised) damping = Math.max(smallestDamping, damping / 4);
    else if (gain < 0.2 * promised) damping *= 2;
    least = smallestDamping;
    small = gain <= tolerance * here.value ? small + 1 : 0;
    search.here = there;
    search.there = here;
    if (small === 3) return true;
    accumulate(objective, there, weights, delta, model);
  }
  return objective.size === 0;
}

function medianResidual({here, weights}: Search): number {
  const sizes = here.residuals.filter((_, i) => weights[i] > 0).map(Math.abs);
  return quantileOf(sizes.sort(), 0.5);
}

/** Slope and curvature of the objective by the coordinates; lower triangles. */
interface Model {
  readonly gradient: Float64Array;
  /** Of the rows within delta. */
  readonly inner: Float64Array;
  /** Of all rows, by the weights of iteratively reweighted least squares. */
  readonly outer: Float64Array;
  readonly matrix: Float64Array;
  readonly step: Float64Array;
  readonly free: Int32Array;
}

const modelOf = ({size}: Objective): Model => ({
  gradient: new Float64Array(size),
  inner: new Float64Array(size * size),
  outer: new Float64Array(size * size),
  matrix: new Float64Array(size * size),
  step: new Float64Array(size),
  free: new Int32Array(size),
});

function accumulate(
  {size, data}: Objective,
  {residuals, jacobian}: Place,
  weights: Float64Array,
  delta: number,
  {gradient, inner, outer}: Model,
): void {
  gradient.fill(0);
  inner.fill(0);
  outer.fill(0);
  for (let i = 0; i < data.rows; i++) {
    const weight = weights[i];
    if (weight === 0) continue;
    const slope = weight * huberSlope(residuals[i], delta);
    const distance = Math.abs(residuals[i]);
    const isInner = distance <= delta;
    const curvature = isInner ? weight : (weight * delta) / distance;
    const row = i * size;
    for (let j = 0, place = 0; j < size; j++, place += size) {
      const derivative = jacobian[row + j];
      const curved = curvature * derivative;
      gradient[j] += slope * derivative;
      for (let k = 0; k <= j; k++) outer[place + k] += curved * jacobian[row + k];
      if (!isInner) continue;
      for (let k = 0; k <= j; k++) inner[place + k] += curved * jacobian[row + k];
    }
  }
}

/** Sets `trial` and returns by how much the model says that it lowers the objective. */
function propose(
  {size, coordinates}: Objective,
  {point}: Place,
  {gradient, inner, outer, matrix, step, free}: Model,
  damping: number,
  trial: Float64Array,
): number {
  let count = 0; // coordinates that are not held at a bound
  let largest = 0;
  for (let j = 0; j < size; j++) {
    const {lower, upper} = coordinates.free[j];
    const isHeld = (point[j] <= lower && gradient[j] >= 0) || (point[j] >= upper && gradient[j] <= 0);
    if (!isHeld) free[count++] = j;
    largest = Math.max(largest, outer[j * size + j]);
  }
  for (let a = 0; a < count; a++) {
    const j = free[a];
    for (let b = 0; b <= a; b++)
      matrix[a * count + b] = inner[j * size + free[b]] + damping * outer[j * size + free[b]];
    matrix[a * count + a] += (damping * ridge + 1e-13) * largest;
    step[a] = -gradient[j];
  }
  trial.set(point);
  if (!solveInPlace(matrix, step, count)) return 0;
  let share = 1;
  let slope = 0;
  for (let a = 0; a < count; a++) {
    share = Math.min(share, farthest / Math.abs(step[a]));
    slope -= step[a] * gradient[free[a]];
  }
  for (let a = 0; a < count; a++) {
    const {lower, upper} = coordinates.free[free[a]];
    trial[free[a]] = Math.min(upper, Math.max(lower, point[free[a]] + share * step[a]));
  }
  return slope * share * (1 - share / 2);
}
