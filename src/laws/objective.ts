import {type Coordinates, fillConstants} from "./coordinates.js";
import type {FitData} from "./fit-data.js";
import {huber} from "./huber.js";
import type {Law} from "./law.js";

/** What a search minimizes: Σ weight · Huber(ln of the law's loss - ln of the measured one), over the free coordinates. */
export interface Objective {
  readonly law: Law;
  readonly data: FitData;
  readonly coordinates: Coordinates;
  /** Free coordinates. */
  readonly size: number;
  readonly delta: number;
  /**
   * Fills in ln(law's loss) - ln(measured loss) of the rows whose weight is not 0 and, if given, its exact derivatives by
   * the free coordinates, row by row. Returns the sum; Infinity where the form has no positive value in some such row.
   */
  evaluate(
    point: ArrayLike<number>,
    weights: Float64Array,
    residuals: Float64Array,
    jacobian?: Float64Array,
  ): number;
}

export function objectiveOf(law: Law, data: FitData, coordinates: Coordinates, delta: number): Objective {
  const {rows, inputs, width, logLosses} = data;
  const size = coordinates.free.length;
  const count = law.constants.length;
  const constants = new Float64Array(count);
  const gradient = new Float64Array(count);
  const row = new Float64Array(width);

  return {
    ...{law, data, coordinates, size, delta},
    evaluate(point, weights, residuals, jacobian) {
      fillConstants(coordinates, point, constants);
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        if (weights[i] === 0) continue;
        for (let k = 0; k < width; k++) row[k] = inputs[i * width + k];
        const loss = law.evaluate(constants, row, jacobian && gradient);
        if (!(loss > 0 && loss < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
        residuals[i] = Math.log(loss) - logLosses[i];
        sum += weights[i] * huber(residuals[i], delta);
        if (jacobian) fillDerivatives(coordinates, constants, gradient, loss, jacobian, i * size);
      }
      return sum;
    },
  };
}

/** Of ln(loss) by the coordinates, of which logarithmic ones move their constants in proportion. */
function fillDerivatives(
  {free}: Coordinates,
  constants: Float64Array,
  gradient: Float64Array,
  loss: number,
  jacobian: Float64Array,
  offset: number,
): void {
  for (let j = 0; j < free.length; j++) {
    const {places, logarithmic} = free[j];
    let sum = 0;
    for (const place of places) sum += logarithmic ? gradient[place] * constants[place] : gradient[place];
    jacobian[offset + j] = sum / loss;
  }
}
