import {solveInPlace} from "./cholesky.js";
import {huberSlope} from "./huber.js";
import type {Objective} from "./objective.js";

/** Where a search ended. */
export interface Minimum {
  readonly point: Float64Array;
  /** Infinity where the form had no value at the start. */
  readonly objective: number;
  /** No step promised to lower the objective by a relevant part. */
  readonly converged: boolean;
  readonly iterations: number;
}

export interface SearchOptions {
  readonly maxIterations?: number;
  /** Converged when a step promises to lower the objective by less than this part of it. */
  readonly tolerance?: number;
}

/** The farthest that one step moves a coordinate: a factor of e² for logarithms. */
const farthest = 2;

const smallestDamping = 1e-7;
const largestDamping = 1e9;

/** Added to the curvature with the damping, in parts of the largest one: flat directions get short steps. */
const ridge = 1e-4;

/**
 * Minimizes within the bounds, from a point inside them. The curvature of the quadratic model behind each step is that
 * of the Huber losses (1 within delta, 0 beyond) plus `damping` times that of iteratively reweighted least squares, whose
 * model lies above the losses: with large damping steps are short and go down, with small damping they are Newton's.
 */
export function minimize(
  objective: Objective,
  start: ArrayLike<number>,
  weights: Float64Array,
  {maxIterations = 400, tolerance = 1e-9}: SearchOptions = {},
): Minimum {
  const {size} = objective;
  let here = place(objective);
  let there = place(objective);
  here.point.set(start);
  visit(objective, here, weights);
  const model = modelOf(objective);
  let damping = 1;
  let iterations = 0;
  const end = (converged: boolean): Minimum => ({
    point: here.point,
    objective: here.value,
    ...{converged, iterations},
  });
  if (here.value === Number.POSITIVE_INFINITY) return end(false);
  accumulate(objective, here, weights, model);
  let small = 0;
  while (iterations < maxIterations) {
    iterations += 1;
    const promised = propose(objective, here, model, damping, there.point);
    if (promised <= tolerance * here.value && damping <= 1) return end(true);
    visit(objective, there, weights);
    const gain = here.value - there.value;
    if (!(gain > 0)) {
      if (damping >= largestDamping) return end(true);
      damping *= 5;
      continue;
    }
    if (gain > 0.7 * promised) damping = Math.max(smallestDamping, damping / 4);
    else if (gain < 0.2 * promised) damping *= 2;
    [here, there] = [there, here];
    small = gain <= tolerance * here.value ? small + 1 : 0;
    if (small === 3) return end(true);
    accumulate(objective, here, weights, model);
  }
  return end(size === 0);
}

/** A point of the search with what was computed there. */
interface Place {
  readonly point: Float64Array;
  readonly residuals: Float64Array;
  readonly jacobian: Float64Array;
  value: number;
}

const place = ({size, data}: Objective): Place => ({
  point: new Float64Array(size),
  residuals: new Float64Array(data.rows),
  jacobian: new Float64Array(data.rows * size),
  value: Number.POSITIVE_INFINITY,
});

function visit(objective: Objective, at: Place, weights: Float64Array): void {
  at.value = objective.evaluate(at.point, weights, at.residuals, at.jacobian);
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
  {size, delta, data}: Objective,
  {residuals, jacobian}: Place,
  weights: Float64Array,
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
    for (let j = 0; j < size; j++) {
      const derivative = jacobian[i * size + j];
      gradient[j] += slope * derivative;
      for (let k = 0; k <= j; k++) {
        const product = derivative * jacobian[i * size + k];
        outer[j * size + k] += curvature * product;
        if (isInner) inner[j * size + k] += weight * product;
      }
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
