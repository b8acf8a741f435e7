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
   * the free coordinates, row by row. Returns the sum, with `threshold` instead of `delta` if given; Infinity where the
   * form has no positive value in some such row.
   */
  evaluate(
    point: ArrayLike<number>,
    weights: Float64Array,
    residuals: Float64Array,
    jacobian?: Float64Array,
    threshold?: number,
  ): number;
}

export function objectiveOf(law: Law, data: FitData, coordinates: Coordinates, delta: number): Objective {
  const {rows, inputs, width, logLosses} = data;
  const size = coordinates.free.length;
  const count = law.constants.length;
  const constants = new Float64Array(count);
  const gradient = new Float64Array(count);
  const row = new Float64Array(width);
  const movers = moversOf(coordinates);

  return {
    ...{law, data, coordinates, size, delta},
    evaluate(point, weights, residuals, jacobian, threshold = delta) {
      fillConstants(coordinates, point, constants);
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        if (weights[i] === 0) continue;
        for (let k = 0; k < width; k++) row[k] = inputs[i * width + k];
        const loss = law.evaluate(constants, row, jacobian && gradient);
        if (!(loss > 0 && loss < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
        residuals[i] = Math.log(loss) - logLosses[i];
        sum += weights[i] * huber(residuals[i], threshold);
        if (!jacobian) continue;
        for (let j = 0; j < size; j++) jacobian[i * size + j] = 0;
        for (let m = 0; m < movers.count; m++) {
          const place = movers.places[m];
          const derivative = gradient[place] * (movers.logarithmic[m] ? constants[place] : 1);
          jacobian[i * size + movers.coordinates[m]] += derivative / loss;
        }
      }
      return sum;
    },
  };
}

/** Which coordinate moves which constant, and whether in proportion to it, as arrays for the innermost loop. */
function moversOf({free}: Coordinates) {
  const pairs = free.flatMap(({places, logarithmic}, j) => places.map((place) => ({place, j, logarithmic})));
  return {
    count: pairs.length,
    places: Int32Array.from(pairs, ({place}) => place),
    coordinates: Int32Array.from(pairs, ({j}) => j),
    logarithmic: Uint8Array.from(pairs, ({logarithmic}) => Number(logarithmic)),
  };
}
