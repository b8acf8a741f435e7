import {usageError} from "../errors.js";
import {castLimits, formatProperties, nextFloat32} from "../formats/derived.js";
import type {FloatFormat, Format, IntegerFormat} from "../formats/format.js";
import {magnitudeBeyond, type Policy, type PolicyRules, rulesFor} from "../formats/policy.js";
import {powerOfTwo} from "../formats/power-of-two.js";
import type {RoundingMode} from "../formats/rounding.js";

/** Parameters of the kernel `quantize`, where they are explained. */
export interface FloatConstants {
  readonly kind: "float";
  readonly mantissaBits: number;
  readonly minimumExponent: number;
  readonly lastKept: number;
  readonly overflow: number;
  readonly infinity: number;
  readonly nan: number;
  readonly nanMask: number;
  readonly keepNegativeZero: 0 | 1;
}

/** Parameters of the kernel `quantizeInteger`. */
export interface IntegerConstants {
  readonly kind: "integer";
  readonly lowest: number;
  readonly largest: number;
}

export type CastConstants = FloatConstants | IntegerConstants;

const signBit = 0x80000000;
const canonicalNan = 0x7fc00000;
const largestFloat32 = (2 - powerOfTwo(-23)) * powerOfTwo(127);

/** @throws a usage error when the format does not lie within float32, or the kernels cannot cast to it in this way */
export function castConstants(format: Format, policy: Policy, rounding: RoundingMode): CastConstants {
  const rules = rulesFor(format, policy);
  if (rounding !== "nearest-even")
    throw usageError(`casts round to nearest-even; ${rounding} is not built yet`);
  if (!isWithinKernels(format, rules))
    throw usageError(`casts to ${format.name} by this policy are not built yet`);
  return format.kind === "integer" ? integerConstants(format) : floatConstants(format as FloatFormat, rules);
}

function isWithinKernels(format: Format, rules: PolicyRules): boolean {
  if (format.kind === "codebook") return false;
  if (format.kind === "integer") {
    const {fractionBits, signed, symmetric} = format;
    const becomesZero = rules.nanReplacement === "zero" || rules.nanReplacement === "opposite-zero";
    return fractionBits === 0 && signed && !symmetric && rules.integerOverflow === "saturate" && becomesZero;
  }
  const {signed, exponentBits, specials, subnormals} = format;
  const isKnownOverflow = [rules.finiteOverflow, rules.infiniteInput].every(
    (choice) => choice === "infinity" || choice === "nan" || choice === "largest",
  );
  return (
    signed &&
    exponentBits > 0 &&
    subnormals &&
    (specials === "ieee" || specials === "fn" || specials === "none") &&
    isKnownOverflow &&
    (rules.nanReplacement === "opposite-zero" || rules.nanReplacement === "largest") &&
    rules.subnormalInput === "keep" &&
    rules.subnormalOutput === "keep" &&
    rules.negativeZero !== "drop-input"
  );
}

/** Whether the cast leaves every float32 as it is, NaN bits aside. */
export function leavesAllAsIs(constants: CastConstants): boolean {
  return (
    constants.kind === "float" &&
    constants.mantissaBits === 23 &&
    constants.minimumExponent === -126 &&
    constants.lastKept === largestFloat32 &&
    constants.infinity === Number.POSITIVE_INFINITY &&
    constants.keepNegativeZero === 1
  );
}

function floatConstants(format: FloatFormat, policy: PolicyRules): FloatConstants {
  const {mantissaBits} = format;
  const {minimumExponent, largest} = formatProperties(format);
  // Subnormals are rounded by adding a constant with this exponent, see the kernel.
  const carrierExponent = minimumExponent + 23 - mantissaBits;
  if (mantissaBits > 23 || minimumExponent < -126 || carrierExponent > 127 || largest > largestFloat32) {
    throw usageError(`format ${format.name} does not lie within float32`);
  }
  return {
    kind: "float",
    mantissaBits,
    minimumExponent,
    lastKept: nextFloat32(castLimits(format).overflowing, -1),
    overflow: magnitudeBeyond(format, policy.finiteOverflow as "infinity" | "nan" | "largest"),
    infinity: magnitudeBeyond(format, policy.infiniteInput),
    ...nanConstants(format, policy),
    keepNegativeZero: policy.negativeZero === "keep" ? 1 : 0,
  };
}

function integerConstants(format: IntegerFormat): IntegerConstants {
  const {lowest, largest} = formatProperties(format);
  return {kind: "integer", lowest, largest};
}

function nanConstants(format: FloatFormat, {nanReplacement}: PolicyRules): {nan: number; nanMask: number} {
  const {nans, largest} = formatProperties(format);
  if (nans > 0) return {nan: canonicalNan, nanMask: 0};
  if (nanReplacement === "largest") return {nan: bitsOf(largest), nanMask: 0};
  return {nan: signBit, nanMask: signBit};
}

const bitsOf = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0];
