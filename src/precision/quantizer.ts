import {formatProperties} from "../formats/derived.js";
import type {Format} from "../formats/format.js";
import {parseFormat} from "../formats/parse.js";
import type {Policy} from "../formats/policy.js";
import {type PresetName, policies} from "../formats/preset.js";
import type {RoundingMode} from "../formats/rounding.js";
import type {Address, Kernels} from "../kernels/kernels.js";
import {type CastConstants, castConstants, leavesAllAsIs} from "./cast-constants.js";
import {tensorScale} from "./scaling.js";

/** `none`, or `tensor`: one power of two for the whole tensor, from its present largest magnitude. */
export type Scaling = "none" | "tensor";

export interface QuantizerOptions {
  readonly rounding?: RoundingMode;
  /** A policy or the name of a preset. */
  readonly policy?: Policy | PresetName;
  readonly scaling?: Scaling;
}

/** How a tensor is cast: plain data, complete with what the kernels are given. */
export interface Quantizer {
  readonly format: Format;
  readonly rounding: RoundingMode;
  readonly policy: Policy;
  readonly scaling: Scaling;
  /** Largest finite value of the format. */
  readonly largest: number;
  /** Whether the cast leaves every value as it is. */
  readonly isIdentity: boolean;
  readonly constants: CastConstants;
}

/**
 * @param format a format or the name of one
 * @throws a usage error for an unknown format, or one that does not lie within float32
 */
export function quantizer(
  format: Format | string,
  {rounding = "nearest-even", policy = "default", scaling = "none"}: QuantizerOptions = {},
): Quantizer {
  const target = typeof format === "string" ? parseFormat(format) : format;
  const rules = typeof policy === "string" ? policies[policy] : policy;
  const constants = castConstants(target, rules, rounding);
  return {
    format: target,
    rounding,
    policy: rules,
    scaling,
    largest: formatProperties(target).largest,
    isIdentity: leavesAllAsIs(constants),
    constants,
  };
}

/** Whether the cast leaves every value as it is, so that a caller can leave it out. */
export const isIdentity = (quantizer: Quantizer): boolean => quantizer.isIdentity;

/**
 * Casts `count` floats at `input` to `output`, which may be the same address. Allocates nothing.
 * With `scaling`, values are multiplied by the scale before the cast and divided by it afterwards.
 */
export function quantize(
  kernels: Kernels,
  quantizer: Quantizer,
  input: Address,
  output: Address,
  count: number,
): void {
  if (quantizer.isIdentity) {
    if (input !== output) new Uint8Array(kernels.memory.buffer).copyWithin(output, input, input + 4 * count);
    return;
  }
  const isScaled = quantizer.scaling === "tensor";
  const scale = isScaled ? tensorScale(quantizer.largest, kernels.largestMagnitude(input, count)) : 1;
  quantizeScaled(kernels, quantizer, input, output, count, scale);
}

/** output = cast(input · scale) / scale for any finite scale but zero, whatever the quantizer's `scaling`. */
export function quantizeScaled(
  kernels: Kernels,
  {constants}: Quantizer,
  input: Address,
  output: Address,
  count: number,
  scale: number,
): void {
  if (constants.kind === "integer") {
    kernels.quantizeInteger(input, output, count, constants.lowest, constants.largest, scale);
    return;
  }
  kernels.quantize(
    input,
    output,
    count,
    constants.mantissaBits,
    constants.minimumExponent,
    constants.lastKept,
    constants.overflow,
    constants.infinity,
    constants.nan,
    constants.nanMask,
    constants.keepNegativeZero,
    scale,
  );
}
