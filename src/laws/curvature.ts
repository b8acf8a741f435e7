import {symmetricEigen} from "./eigen.js";
import {huberSlope} from "./huber.js";
import type {Objective} from "./objective.js";
import {quantileOf, sortedValues, standardDeviation} from "./statistics.js";

/** How the predictions at a point depend on the coordinates, and what follows for their uncertainty. */
export interface Curvature {
  /** Of the Gauss-Newton Hessian by the coordinates (logarithms of constants of many orders): largest over smallest eigenvalue. */
  readonly conditionNumber: number;
  /** For each coordinate, root mean square of the derivative of ln(loss). */
  readonly sensitivity: readonly number[];
  /** Groups of coordinates that the runs do not tell apart. */
  readonly confounded: readonly (readonly number[])[];
  /** Of the coordinates, by rows; NaN for those that the runs do not identify. */
  readonly covariance: Float64Array;
}

/** Directions whose curvature, columns scaled to length 1, is smaller than this are flat. */
const flat = 1e-11;

/** Coordinates that make up less than this of a flat direction do not belong to it. */
const relevant = 0.02;

/** Changes of ln(loss) smaller than this for a change by a factor of e do not count. */
const imperceptible = 1e-7;

export function curvatureAt(objective: Objective, point: ArrayLike<number>): Curvature {
  const {size, data, delta} = objective;
  const {rows, weights} = data;
  const residuals = new Float64Array(rows);
  const jacobian = new Float64Array(rows * size);
  objective.evaluate(point, weights, residuals, jacobian);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const plain = products(jacobian, size, weights);
  const sensitivity = Array.from({length: size}, (_, j) => Math.sqrt(plain[j * size + j] / total));
  const sensed = sensitivity.flatMap((value, j) => (value > imperceptible ? [j] : []));

  const {values, vectors} = symmetricEigen(scaled(plain, size, sensed), sensed.length);
  const isFlat = values.map((value) => !(value > flat * Math.max(...values, 0)));
  const confounded = groupsOf(
    vectors
      .filter((_, i) => isFlat[i])
      .map((vector) => sensed.filter((_, a) => Math.abs(vector[a]) > relevant)),
  );
  const unknown = new Set([
    ...confounded.flat(),
    ...sensitivity.flatMap((_, j) => (sensed.includes(j) ? [] : [j])),
  ]);
  const known = sensed.filter((j) => !unknown.has(j));
  return {
    conditionNumber: conditionOf(plain, size),
    ...{sensitivity, confounded},
    covariance: covarianceOf(known),
  };

  /**
   * Of an M-estimator whose errors may differ in size from row to row (Huber 1967; Powell 1991 for kinks):
   * H⁻¹·Jᵀ·diag(w²ψ²)·J·H⁻¹ · n/(n-p) with H = Jᵀ·diag(w·ψ')·J, the ψ' smoothed.
   */
  function covarianceOf(chosen: readonly number[]): Float64Array {
    const result = new Float64Array(size * size).fill(Number.NaN);
    const count = chosen.length;
    const runs = weights.reduce((sum, weight) => sum + Number(weight > 0), 0);
    if (count === 0 || runs <= size) return result;
    const within = sharesWithin(residuals, weights, delta);
    const hessian = products(
      jacobian,
      size,
      weights.map((weight, i) => weight * within[i]),
    );
    const slopes = products(
      jacobian,
      size,
      weights.map((weight, i) => (weight * huberSlope(residuals[i], delta)) ** 2),
    );
    const inverse = inverseOf(scaledBy(hessian, size, chosen, plain), count);
    const middle = multiply(multiply(inverse, scaledBy(slopes, size, chosen, plain), count), inverse, count);
    for (let a = 0; a < count; a++)
      for (let b = 0; b < count; b++) {
        const [j, k] = [chosen[a], chosen[b]];
        const scale = Math.sqrt(plain[j * size + j] * plain[k * size + k]);
        result[j * size + k] = ((runs / (runs - size)) * middle[a * count + b]) / scale;
      }
    return result;
  }
}

/** Jᵀ·diag(weights)·J. */
function products(jacobian: Float64Array, size: number, weights: Float64Array): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    for (let j = 0; j < size; j++)
      for (let k = 0; k < size; k++)
        result[j * size + k] += weights[i] * jacobian[i * size + j] * jacobian[i * size + k];
  }
  return result;
}

const scaled = (matrix: Float64Array, size: number, chosen: readonly number[]): Float64Array =>
  scaledBy(matrix, size, chosen, matrix);

/** Rows and columns of the chosen coordinates, divided by the roots of `by`'s diagonal. */
function scaledBy(
  matrix: Float64Array,
  size: number,
  chosen: readonly number[],
  by: Float64Array,
): Float64Array {
  const root = (j: number) => Math.sqrt(by[j * size + j]);
  return Float64Array.from(
    chosen.flatMap((j) => chosen.map((k) => matrix[j * size + k] / (root(j) * root(k)))),
  );
}

function conditionOf(matrix: Float64Array, size: number): number {
  const {values} = symmetricEigen(matrix, size);
  return size === 0 ? 1 : values[0] > 0 ? values[size - 1] / values[0] : Number.POSITIVE_INFINITY;
}

/** Of a positive definite matrix. */
function inverseOf(matrix: Float64Array, size: number): Float64Array {
  const {values, vectors} = symmetricEigen(matrix, size);
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      for (let k = 0; k < size; k++) result[j * size + k] += (vectors[i][j] * vectors[i][k]) / values[i];
  return result;
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      for (let k = 0; k < size; k++) result[i * size + j] += a[i * size + k] * b[k * size + j];
  return result;
}

/** Joins groups that share a member. */
function groupsOf(groups: readonly (readonly number[])[]): number[][] {
  const joined: Set<number>[] = [];
  for (const group of groups) {
    const touching = joined.filter((other) => group.some((member) => other.has(member)));
    const union = new Set([...group, ...touching.flatMap((other) => [...other])]);
    joined.splice(0, joined.length, ...joined.filter((other) => !touching.includes(other)), union);
  }
  return joined.map((group) => [...group].sort((a, b) => a - b)).filter(({length}) => length > 0);
}

/**
 * For each row, how likely its residual is to lie within ±delta, smoothed over the bandwidth of Silverman (1986), since
 * with a small delta only a few of them lie there.
 */
function sharesWithin(residuals: Float64Array, weights: Float64Array, delta: number): Float64Array {
  const sorted = sortedValues(residuals.filter((_, i) => weights[i] > 0));
  const quartiles = (quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25)) / 1.34;
  const spread = Math.min(standardDeviation(sorted), quartiles || Number.POSITIVE_INFINITY);
  const bandwidth = 0.9 * spread * sorted.length ** -0.2;
  // The logistic distribution of that spread has a kernel with tails: no row is quite without curvature.
  const below = (x: number) => 1 / (1 + Math.exp((-x * Math.PI) / (Math.sqrt(3) * bandwidth)));
  return residuals.map((r) => (bandwidth > 0 ? below(delta - r) - below(-delta - r) : 1));
}
