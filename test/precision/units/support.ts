import {exactDot, precisions} from "../../../src/kernels/reference/exact-sum.js";
import type {ResultType} from "../../../src/precision/units/matrix-units.js";

/** A float32 to nearest even in a narrower format. */
export const roundOnce = (x: number, to: ResultType): number =>
  to === "fp32" ? x : exactDot([], [], x, precisions[to]);
