import type {Kernels} from "../src/kernels/kernels.js";
import {generatedWeights} from "./generated-weights.js";
import type {Matrix} from "./matrix-data.js";
import {nightPicture} from "./night-picture.js";

/** Columns of the small matrix that are outliers: both in the left half. */
export const outlierColumns = [10, 21] as const;

const size = {rows: 64, columns: 64} as const;

/** The matrices that the page can show, by the name of the choice. */
export function shownMatrices(kernels: Kernels): Readonly<Record<string, Matrix>> {
  return {
    outliers: generatedWeights(kernels, {...size, outliers: outlierColumns}),
    plain: generatedWeights(kernels, size),
    night: nightPicture(),
  };
}
