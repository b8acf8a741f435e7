import {specialCodes} from "./decode.js";
import {formatProperties} from "./derived.js";
import type {FloatFormat} from "./format.js";
import {lookUp} from "./lookup.js";

/**
 * What becomes of a magnitude that the format cannot hold. Where the format lacks what was chosen, the next one in the
 * order infinity, nan, largest takes its place.
 */
export type BeyondLargest = "infinity" | "nan" | "largest";

/**
 * What a cast to a float format does with values that are not simply rounded. Integer formats need no policy: they
 * saturate, NaN becomes 0, and their zero has no sign.
 */
export interface Policy {
  /** Finite values whose magnitude rounds beyond the largest finite one. */
  readonly finiteOverflow: BeyondLargest;
  readonly infiniteInput: BeyondLargest;
  /** What NaN becomes in a format without NaN: a zero of the sign that the NaN does not have, or the largest value. */
  readonly nanReplacement: "opposite-zero" | "largest";
  /** Whether zeros keep the sign of what became zero, or lose it. */
  readonly negativeZero: "keep" | "drop";
}

/** Policies by name. */
export const policies = {
  /** The casts of the ml_dtypes library. */
  ml_dtypes: {
    finiteOverflow: "infinity",
    infiniteInput: "infinity",
    nanReplacement: "opposite-zero",
    negativeZero: "keep",
  },
  /** OCP FP8 and MX specifications without saturation; NaN into FP6 and FP4, left open there, as NVIDIA GPUs do it. */
  ocp: {
    finiteOverflow: "infinity",
    infiniteInput: "infinity",
    nanReplacement: "largest",
    negativeZero: "keep",
  },
  /** OCP FP8 and MX specifications with saturation. */
  "ocp-saturate": {
    finiteOverflow: "largest",
    infiniteInput: "largest",
    nanReplacement: "largest",
    negativeZero: "keep",
  },
} as const satisfies Record<string, Policy>;

export type PolicyName = keyof typeof policies;

/** @throws a usage error that lists the policies */
export const parsePolicy = (name: string): Policy => policies[lookUp("policy", policies, name)];

/** The same policy, except that whatever lies beyond the largest value becomes the largest value. */
export function saturating(policy: Policy): Policy {
  return {...policy, finiteOverflow: "largest", infiniteInput: "largest"};
}

/** The magnitude that stands for `choice` in a format: the largest finite value, infinity or NaN. */
export function magnitudeBeyond(format: FloatFormat, choice: BeyondLargest): number {
  const {infinities, nans} = specialCodes(format);
  if (choice === "infinity" && infinities > 0) return Number.POSITIVE_INFINITY;
  if (choice !== "largest" && nans > 0) return Number.NaN;
  return formatProperties(format).largest;
}
