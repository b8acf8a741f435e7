import {fillConstants} from "./coordinates.js";
import type {Objective} from "./objective.js";

/** Rounds of coordinate descent; a start need not be exact. */
const rounds = 50;

/**
 * Variable projection (Golub and Pereyra 1973): sets the coordinates in which the loss is linear to the values, inside
 * their bounds, that minimize the weighted squares of the relative errors, the other coordinates given. Leaves the point
 * alone where the form has no value.
 */
export function projectLinear(objective: Objective, point: Float64Array, weights: Float64Array): void {
  const {law, data, coordinates} = objective;
  const linear = coordinates.free.flatMap((coordinate, place) =>
    coordinate.linear ? [{coordinate, place}] : [],
  );
  if (!linear.length) return;
  const {rows, inputs, width, logLosses} = data;
  const constants = new Float64Array(law.constants.length);
  const gradient = new Float64Array(law.constants.length);
  fillConstants(coordinates, point, constants);
  const size = linear.length;
  const products = new Float64Array(size * size);
  const targets = new Float64Array(size);
  const column = new Float64Array(size);
  const current = linear.map(({coordinate: {places}}) => constants[places[0]]);

  for (let i = 0; i < rows; i++) {
    if (weights[i] === 0) continue;
    const loss = law.evaluate(constants, inputs.subarray(i * width, (i + 1) * width), gradient);
    if (!Number.isFinite(loss)) return;
    const measured = Math.exp(logLosses[i]);
    let rest = loss; // what does not depend on the linear constants
    for (let j = 0; j < size; j++) {
      column[j] = linear[j].coordinate.places.reduce((sum, place) => sum + gradient[place], 0) / measured;
      rest -= column[j] * measured * current[j];
    }
    const target = 1 - rest / measured;
    for (let j = 0; j < size; j++) {
      targets[j] += weights[i] * column[j] * target;
      for (let k = 0; k < size; k++) products[j * size + k] += weights[i] * column[j] * column[k];
    }
  }

  const bounds = linear.map(({coordinate: {lower, upper, logarithmic}}) =>
    logarithmic ? [Math.exp(lower), Math.exp(upper)] : [lower, upper],
  );
  const best = bounds.map(([from]) => Math.max(from, 0));
  for (let round = 0; round < rounds; round++) {
    for (let j = 0; j < size; j++) {
      if (!(products[j * size + j] > 0)) continue;
      let sum = targets[j];
      for (let k = 0; k < size; k++) if (k !== j) sum -= products[j * size + k] * best[k];
      best[j] = Math.min(bounds[j][1], Math.max(bounds[j][0], sum / products[j * size + j]));
    }
  }
  linear.forEach(({coordinate, place}, j) => {
    const {logarithmic, lower, upper} = coordinate;
    // A logarithm at its lower bound would not move again: a start keeps a hundredth of the smallest loss for it.
    const value = logarithmic ? Math.log(Math.max(best[j], 0.01 * share(products, size, j))) : best[j];
    point[place] = Math.min(upper, Math.max(lower, value));
  });

  /** The constant at which its term is, in root mean square, as large as the losses. */
  function share(squares: Float64Array, stride: number, j: number): number {
    const mean = squares[j * stride + j] / weights.reduce((sum, weight) => sum + weight, 0);
    return mean > 0 ? 1 / Math.sqrt(mean) : 1;
  }
}
