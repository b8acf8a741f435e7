import {symmetricEigen} from "./eigen.js";
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
   * Of an M-estimator, with the errors of rows independent and alike (Huber 1981, section 7.6):
   * E ψ² / (E ψ')² · n/(n-p) · (JᵀWJ)⁻¹ JᵀW²J (JᵀWJ)⁻¹.
   */
  function covarianceOf(coordinates: readonly number[]): Float64Array {
    const count = coordinates.length;
    const result = new Float64Array(size * size).fill(Number.NaN);
    const used = residuals.filter((_, i) => weights[i] > 0);
    if (count === 0 || used.length <= size) return result;
    const slopes = used.map((residual) => Math.max(-delta, Math.min(delta, residual)) ** 2);
    const square = slopes.reduce((sum, value) => sum + value, 0) / used.length;
    const spread = (square / shareWithin(used, delta) ** 2) * (used.length / (used.length - size));
    const inverse = inverseOf(scaled(plain, size, coordinates), count);
    const squared = scaledBy(
      products(
        jacobian,
        size,
        weights.map((weight) => weight * weight),
      ),
      size,
      coordinates,
      plain,
    );
    const middle = multiply(multiply(inverse, squared, count), inverse, count);
    for (let a = 0; a < count; a++)
      for (let b = 0; b < count; b++) {
        const [j, k] = [coordinates[a], coordinates[b]];
        const scale = Math.sqrt(plain[j * size + j] * plain[k * size + k]);
        result[j * size + k] = (spread * middle[a * count + b]) / scale;
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
 * The share of residuals within ±delta, smoothed over the bandwidth of Silverman (1986), since with a small delta only a
 * few of them lie there. The kernel is Epanechnikov's.
 */
function shareWithin(residuals: Float64Array, delta: number): number {
  const sorted = sortedValues(residuals);
  const quartiles = (quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25)) / 1.34;
  const spread = Math.min(standardDeviation(sorted), quartiles || Number.POSITIVE_INFINITY);
  const bandwidth = 0.9 * spread * sorted.length ** -0.2 * 2.34; // Epanechnikov's is wider than the normal one's
  if (!(bandwidth > 0)) return 1;
  const below = (x: number) => {
    const u = Math.max(-1, Math.min(1, x / bandwidth));
    return 0.5 + 0.75 * (u - u ** 3 / 3);
  };
  return sorted.reduce((sum, r) => sum + below(delta - r) - below(-delta - r), 0) / sorted.length;
}
