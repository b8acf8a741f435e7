import {usageError} from "../errors.js";
import {castLimits, formatProperties, nextFloat32} from "../formats/derived.js";
import type {FloatFormat, Format, IntegerFormat} from "../formats/format.js";
import {magnitudeBeyond, type Policy} from "../formats/policy.js";
import {powerOfTwo} from "../formats/power-of-two.js";

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

/** @throws a usage error when the format does not lie within float32 */
export function castConstants(format: Format, policy: Policy): CastConstants {
  return format.kind === "float" ? floatConstants(format, policy) : integerConstants(format);
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

function floatConstants(format: FloatFormat, policy: Policy): FloatConstants {
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
    overflow: magnitudeBeyond(format, policy.finiteOverflow),
    infinity: magnitudeBeyond(format, policy.infiniteInput),
    ...nanConstants(format, policy),
    keepNegativeZero: policy.negativeZero === "keep" ? 1 : 0,
  };
}

function integerConstants(format: IntegerFormat): IntegerConstants {
  const {lowest, largest} = formatProperties(format);
  return {kind: "integer", lowest, largest};
}

function nanConstants(format: FloatFormat, {nanReplacement}: Policy): {nan: number; nanMask: number} {
  const {nans, largest} = formatProperties(format);
  if (nans > 0) return {nan: canonicalNan, nanMask: 0};
  if (nanReplacement === "largest") return {nan: bitsOf(largest), nanMask: 0};
  return {nan: signBit, nanMask: signBit};
}

const bitsOf = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0];
