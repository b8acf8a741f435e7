import type {Kernels} from "../src/kernels/kernels.js";
import type {Matrix} from "./matrix-data.js";

export interface GeneratedWeightsOptions {
  readonly rows: number;
  readonly columns: number;
  /** Columns that are larger than the others, as a few input channels of trained networks are. */
  readonly outliers?: readonly number[];
}

/** Spread of the values that are no outliers. */
export const ordinarySpread = 0.02;
/** How many times as large an outlying column is. */
export const outlierFactor = 24;

const place = {seed: 3, stream: 1, step: 0} as const;

/** A matrix of independent normal values by the deterministic generator, the same bits in every browser. */
export function generatedWeights(
  kernels: Kernels,
  {rows, columns, outliers = []}: GeneratedWeightsOptions,
): Matrix {
  const mark = kernels.mark();
  const address = kernels.allocate(4 * rows * columns);
  kernels.randomNormal(address, rows * columns, 0, ordinarySpread, place.seed, place.stream, place.step);
  const normal = kernels.float32(address, rows * columns).slice();
  kernels.release(mark);
  const values = normal.map((value, i) => value * (outliers.includes(i % columns) ? outlierFactor : 1));
  return {rows, columns, values};
}
