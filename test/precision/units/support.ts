import {precisions, roundToPrecision} from "../../../src/kernels/reference/precision.js";
import type {ResultType} from "../../../src/precision/units/matrix-units.js";

/** A float32 to nearest even in a narrower format. */
export const roundOnce = (x: number, to: ResultType): number => roundToPrecision(x, precisions[to]);
