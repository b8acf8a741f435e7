import type {Shape} from "../kernels/reference/blocks.js";
import type {GridRounding} from "./grid-rounding.js";

/** Share of the mean of the diagonal that is added to it, as in the paper. */
const damping = 0.01;

/**
 * GPTQ (Frantar and others 2022, arXiv 2210.17323): a weight W whose product x W stays close to what it was for the inputs
 * x that the Hessian was made from. Input by input, in the order in which they are stored, the weights of all outputs are
 * rounded, and the error is made up for by the weights of the inputs that are still to come, by what the inverse of their
 * Hessian says is best: with H⁻¹ = UᵀU and U upper triangular,
 *
 * e = (w_i − round(w_i)) / U_ii,   w_k ← w_k − U_ik · e   for k > i
 *
 * as in algorithm 1 of the paper, without its lazy batches, which change nothing but the speed. Everything is computed in
 * double precision. Where the Hessian has no such factor, because it is not finite, every weight is just rounded.
 *
 * @param weights W, inputs by outputs, row-major
 * @param hessians XᵀX over many inputs x, or any multiple of it; one for each group of outputs, each with inputs of its own
 * @param round finds the grid of each place; scales are those of the original weights
 * @returns the values on the grid
 */
export function gptq(
  weights: Float32Array,
  {rows, columns}: Shape,
  hessians: readonly Float64Array[],
  round: GridRounding,
): Float32Array {
  const result = new Float32Array(weights.length);
  const width = columns / hessians.length;
  const left = Float64Array.from(weights);
  const errors = new Float64Array(width);
  hessians.forEach((hessian, group) => {
    const first = group * width;
    const factor = inverseFactor(damped(hessian, rows), rows);
    for (let i = 0; i < rows; i++) {
      const start = i * columns + first;
      for (let j = 0; j < width; j++) {
        const rounded = round(left[start + j], i, first + j);
        result[start + j] = rounded;
        errors[j] = left[start + j] - rounded;
      }
      if (factor) spread(left, errors, {row: factor.subarray(i * rows, (i + 1) * rows), i, columns, first});
    }
  });
  return result;
}

/** Takes from the weights of later inputs what makes up for the errors of input i. */
function spread(
  left: Float64Array,
  errors: Float64Array,
  {row, i, columns, first}: {row: Float64Array; i: number; columns: number; first: number},
): void {
  for (let k = i + 1; k < row.length; k++) {
    const share = row[k] / row[i];
    if (share === 0) continue;
    const start = k * columns + first;
    for (let j = 0; j < errors.length; j++) left[start + j] -= share * errors[j];
  }
}

function damped(hessian: Float64Array, size: number): Float64Array {
  const result = hessian.slice();
  let trace = 0;
  for (let i = 0; i < size; i++) trace += hessian[i * size + i];
  for (let i = 0; i < size; i++) result[i * size + i] += (damping * trace) / size;
  return result;
}

/**
 * The upper triangular U with H⁻¹ = UᵀU, which the paper gets as the transposed Cholesky factor of the inverse. H itself is
 * R Rᵀ with the inverse R of U: a Cholesky factor from the last row up, and no inverse of a full matrix.
 *
 * @param hessian symmetric; only what is on the diagonal and right of it is read
 * @returns undefined where H is not positive definite
 */
export function inverseFactor(hessian: Float64Array, size: number): Float64Array | undefined {
  const r = new Float64Array(size * size);
  for (let j = size - 1; j >= 0; j--) {
    const pivot = hessian[j * size + j] - dot(r, j * size, j * size, j + 1, size);
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return undefined;
    const root = Math.sqrt(pivot);
    r[j * size + j] = root;
    for (let i = 0; i < j; i++) {
      r[i * size + j] = (hessian[i * size + j] - dot(r, i * size, j * size, j + 1, size)) / root;
    }
  }
  return invertUpper(r, size);
}

/** Σ r[a + k] r[b + k] for k from `from` to before `to`. */
function dot(r: Float64Array, a: number, b: number, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += r[a + k] * r[b + k];
  return sum;
}

/** The inverse of an upper triangular matrix, from its last row up. */
function invertUpper(r: Float64Array, size: number): Float64Array {
  const u = new Float64Array(size * size);
  for (let i = size - 1; i >= 0; i--) {
    const pivot = r[i * size + i];
    for (let k = i + 1; k < size; k++) {
      const share = -r[i * size + k] / pivot;
      if (share === 0) continue;
      for (let j = k; j < size; j++) u[i * size + j] += share * u[k * size + j];
    }
    u[i * size + i] = 1 / pivot;
  }
  return u;
}
