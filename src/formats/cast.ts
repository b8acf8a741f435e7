import {lowestExponent} from "./decode.js";
import {formatProperties} from "./derived.js";
import type {CodebookFormat, FloatFormat, Format, IntegerFormat} from "./format.js";
import {type FiniteOverflow, magnitudeBeyond, type Policy, type PolicyRules, rulesFor} from "./policy.js";
import {binaryExponent, powerOfTwo} from "./power-of-two.js";
import {isNearest, isStochastic, type RoundingMode, roundings} from "./rounding.js";

/** How values are cast. */
export interface CastRules {
  readonly rounding: RoundingMode;
  readonly policy: Policy;
  /** Random bits that the stochastic modes use, 1 to 32; see `roundings` for what happens without. */
  readonly bits?: number;
}

/** What else a cast of one value may look at. */
export interface CastInput {
  /** Random word of 32 bits, of which the top ones count. */
  readonly random?: number;
  /** The sign bit of a NaN, which numbers do not show. */
  readonly isNegativeNan?: boolean;
}

export type Cast = (x: number, input?: CastInput) => number;

/** The value of `format` that `x`, any double, becomes. Exact: nothing is rounded but by the rules. */
export function castValue(
  x: number,
  format: Format,
  {random, isNegativeNan, ...rules}: CastRules & CastInput,
): number {
  return caster(format, rules)(x, {random, isNegativeNan});
}

/** `castValue` for many values. */
export function caster(format: Format, rules: CastRules): Cast {
  const resolved = {...rules, policy: rulesFor(format, rules.policy)};
  switch (format.kind) {
    case "float":
      return floatCaster(format, resolved);
    case "integer":
      return integerCaster(format, resolved);
    case "codebook":
      return codebookCaster(format, resolved);
  }
}

interface ResolvedRules {
  readonly rounding: RoundingMode;
  readonly policy: PolicyRules;
  readonly bits?: number;
}

const smallestNormalFloat32 = powerOfTwo(-126);
const none: CastInput = {};

function floatCaster(format: FloatFormat, {rounding, policy, bits}: ResolvedRules): Cast {
  const {largest, nans, smallest, minimumExponent} = formatProperties(format);
  const smallestNormal = format.subnormals ? powerOfTwo(minimumExponent) : smallest;
  const infinity = magnitudeBeyond(format, policy.infiniteInput);
  const overflow = [false, true].map((isNegative) =>
    overflowOf(format, policy.finiteOverflow, rounding, isNegative),
  );
  const {subnormalInput, subnormalOutput, negativeZero} = policy;
  const hasDefects = policy.arithmetic === "float32";
  const isGapRounded = subnormalOutput === "zero-or-normal" || (!format.subnormals && format.zero !== "none");

  const signed = (magnitude: number, isNegative: boolean) =>
    isNegative && format.signed ? -magnitude : magnitude;
  const zero = (isNegative: boolean, isInput = false): number => {
    if (format.zero === "none") return isInput && policy.missingZero === "nan" ? Number.NaN : smallest;
    const loses = negativeZero === "drop" || (negativeZero === "drop-input" && isInput);
    return isNegative && format.zero === "signed" && !loses ? -0 : 0;
  };
  const nan = (isNegative: boolean): number => {
    if (nans > 0 || policy.nanReplacement === "nan-anyway") return Number.NaN;
    if (policy.nanReplacement === "largest") return largest;
    return zero(policy.nanReplacement === "opposite-zero" && !isNegative);
  };

  /** A neighbour on the grid, continued beyond the largest value, or zero. */
  const round = (magnitude: number, isNegative: boolean, random: number): number => {
    const goesUp = (rest: number, isOdd: boolean) =>
      roundings[rounding]({rest, isOdd, isNegative, random, bits});
    const roundInBinade = (y: number, exponent: number) => {
      const spacing = powerOfTwo(exponent - format.mantissaBits);
      const steps = shareOf(y, spacing);
      const below = Math.floor(steps);
      // The last bit of the lower code is the fraction's, or without a fraction that of the exponent field.
      const lastBit = format.mantissaBits > 0 || below === 0 ? below : exponent + format.bias;
      const rest = hasDefects ? restByAddition(steps, rounding) : steps - below;
      return (goesUp(rest, lastBit % 2 !== 0) ? below + 1 : below) * spacing;
    };
    if (magnitude < smallestNormal) {
      if (format.zero === "none") return smallest;
      if (isGapRounded) return goesUp(shareOf(magnitude, smallestNormal), false) ? smallestNormal : 0;
      if (subnormalInput === "rounded-first" && magnitude < smallest) {
        if (isStochastic(rounding)) return 0;
        magnitude = roundInBinade(magnitude, binaryExponent(magnitude));
      }
    }
    const exponent = hasDefects ? exponentByLogarithm(magnitude) : binaryExponent(magnitude);
    if (exponent > 127 && hasDefects) return Number.NaN;
    const rounded = roundInBinade(magnitude, Math.max(exponent, lowestExponent(format)));
    if (subnormalOutput !== "rounded-twice" || rounded === 0 || rounded >= smallestNormal) return rounded;
    return !isStochastic(rounding) && goesUp(rounded / smallestNormal, true) ? smallestNormal : 0;
  };

  return (x, {random = 0, isNegativeNan = false} = none) => {
    if (Number.isNaN(x)) return nan(isNegativeNan);
    const isNegative = x < 0 || Object.is(x, -0);
    if (x < 0 && !format.signed && policy.negativeInput !== "magnitude") {
      return policy.negativeInput === "nan" && nans > 0 ? Number.NaN : zero(false);
    }
    let magnitude = Math.abs(x);
    if (magnitude === Number.POSITIVE_INFINITY) return signed(infinity, isNegative);
    if (magnitude === 0) return zero(isNegative, true);
    if (subnormalInput !== "keep") {
      magnitude = flushInput(magnitude, subnormalInput, smallestNormal);
      if (magnitude === 0) return zero(isNegative);
    }
    const isFlushed = subnormalOutput === "flush-before" && magnitude < smallestNormal;
    if (isFlushed && format.zero !== "none") return zero(isNegative, true);
    const rounded = round(magnitude, isNegative, random);
    if (Number.isNaN(rounded)) return rounded;
    if (rounded > largest) return signed(overflow[Number(isNegative)], isNegative);
    const vanishes = rounded === 0 || (subnormalOutput === "flush-after" && rounded < smallestNormal);
    return vanishes ? zero(isNegative) : signed(rounded, isNegative);
  };
}

/** The magnitude that a finite value beyond the largest becomes. */
export function overflowOf(
  format: FloatFormat,
  choice: FiniteOverflow,
  rounding: RoundingMode,
  isNegative: boolean,
): number {
  switch (choice) {
    case "by-rounding":
    case "by-rounding-or-largest":
    case "by-rounding-or-chance": {
      const pointsInward = rounding === "zero" || rounding === (isNegative ? "up" : "down");
      const hasChance = isStochastic(rounding) && rounding !== "stochastic-equal";
      if (pointsInward || (choice === "by-rounding-or-chance" && hasChance))
        return magnitudeBeyond(format, "largest");
      return magnitudeBeyond(
        format,
        choice === "by-rounding-or-largest" ? "infinity-or-largest" : "infinity",
      );
    }
    default:
      return magnitudeBeyond(format, choice);
  }
}

/** magnitude / unit for a power of two as unit; what is too small for a double stays positive. */
function shareOf(magnitude: number, unit: number): number {
  return magnitude / unit || Number.MIN_VALUE;
}

/**
 * floor(log2 magnitude) with the logarithm rounded to float32: one more than the exponent where the distance to the next
 * power of two, n · 2^-24 of it, moves the logarithm by less than half the spacing of float32 there: n < 2^j · ln 2,
 * with j the exponent of the logarithm.
 */
function exponentByLogarithm(magnitude: number): number {
  const exponent = binaryExponent(magnitude);
  const next = exponent + 1;
  if (next === 0) return exponent;
  const j = binaryExponent(next > 0 ? next - 0.5 : next);
  const distance = (1 - magnitude / powerOfTwo(next)) * powerOfTwo(24);
  return distance < powerOfTwo(j) * Math.LN2 ? next : exponent;
}

/** The share of the last step, of which 1/2 - 2^-25 is taken for one half or more. */
function restByAddition(steps: number, rounding: RoundingMode): number {
  return isNearest(rounding) && steps === 0.5 - powerOfTwo(-25) ? 0.75 : steps - Math.floor(steps);
}

/** A small magnitude as the policy's `subnormalInput` has it. */
function flushInput(
  magnitude: number,
  subnormalInput: PolicyRules["subnormalInput"],
  smallestNormal: number,
): number {
  switch (subnormalInput) {
    case "keep":
    case "rounded-first":
      return magnitude;
    case "float32-shifted":
      return magnitude < smallestNormal
        ? roundToMultiple(magnitude, smallestNormal * powerOfTwo(-23))
        : magnitude;
    default: {
      if (magnitude >= smallestNormalFloat32) return magnitude;
      const isNearerNormal = subnormalInput === "zero-or-normal" && magnitude > smallestNormalFloat32 / 2;
      return isNearerNormal ? smallestNormalFloat32 : 0;
    }
  }
}

/** To nearest even. */
function roundToMultiple(magnitude: number, unit: number): number {
  const steps = magnitude / unit;
  const below = Math.floor(steps);
  const goesUp = roundings["nearest-even"]({rest: steps - below, isOdd: below % 2 !== 0});
  return (goesUp ? below + 1 : below) * unit;
}

function integerCaster(format: IntegerFormat, {rounding, policy, bits}: ResolvedRules): Cast {
  const {largest, lowest} = formatProperties(format);
  const codes = powerOfTwo(format.bits);
  const unit = powerOfTwo(-format.fractionBits);
  const wraps = policy.integerOverflow === "wrap";
  const wrapped = (integer: number): number => {
    const rest = ((integer % codes) + codes) % codes;
    return format.signed && rest >= codes / 2 ? rest - codes : rest;
  };
  return (x, {random = 0} = none) => {
    if (Number.isNaN(x)) return withoutNan(policy, largest);
    const isInfinite = Math.abs(x) === Number.POSITIVE_INFINITY;
    if (isInfinite && policy.infiniteInput === "infinity-anyway") return x;
    const steps = Math.abs(x) / unit;
    if (steps === Number.POSITIVE_INFINITY) return wraps ? 0 : x < 0 ? lowest : largest;
    const below = Math.floor(steps);
    const rest = policy.arithmetic === "float32" ? restByAddition(steps, rounding) : steps - below;
    const goesUp = roundings[rounding]({rest, isOdd: below % 2 !== 0, isNegative: x < 0, random, bits});
    const rounded = goesUp ? below + 1 : below;
    const integer = x < 0 ? 0 - rounded : rounded;
    return Math.min(Math.max((wraps ? wrapped(integer) : integer) * unit, lowest), largest);
  };
}

/** Ties to nearest even go to the lower value, as in bitsandbytes, and ties to nearest odd to the upper one. */
function codebookCaster({values}: CodebookFormat, {rounding, policy, bits}: ResolvedRules): Cast {
  const [lowest, largest] = [values[0], values[values.length - 1]];
  return (x, {random = 0} = none) => {
    if (Number.isNaN(x)) return withoutNan(policy, largest);
    const isInfinite = Math.abs(x) === Number.POSITIVE_INFINITY;
    if (isInfinite && policy.infiniteInput === "infinity-anyway") return x;
    if (x <= lowest) return lowest;
    if (x >= largest) return largest;
    const above = values.findIndex((value) => value > x);
    const [lower, upper] = [values[above - 1], values[above]];
    if (x === lower) return lower;
    const isNegative = x < 0;
    const share = upper - x === x - lower ? 0.5 : (x - lower) / (upper - lower);
    const rest = isNegative ? 1 - share : share;
    const goesOut = roundings[rounding]({rest, isOdd: isNegative, isNegative, random, bits});
    return goesOut === isNegative ? lower : upper;
  };
}

/** What NaN becomes where there is none and zero has no sign. */
function withoutNan({nanReplacement}: PolicyRules, largest: number): number {
  if (nanReplacement === "nan-anyway") return Number.NaN;
  return nanReplacement === "largest" ? largest : 0;
}
