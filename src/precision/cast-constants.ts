import {usageError} from "../errors.js";
import {type CastRules, caster, overflowOf} from "../formats/cast.js";
import {lowestExponent} from "../formats/decode.js";
import {castLimits, formatProperties, nextFloat32} from "../formats/derived.js";
import type {FloatFormat, Format} from "../formats/format.js";
import {type PolicyRules, rulesFor} from "../formats/policy.js";
import {powerOfTwo} from "../formats/power-of-two.js";
import {isStochastic, type RoundingMode, randomBitsOf, roundings} from "../formats/rounding.js";

/** Fields of a prepared cast that hold integers or the bits of float32 values. */
interface IntegerFields {
  readonly loop: number;
  readonly mask: number;
  readonly tiny: number;
  readonly limit: number;
  readonly minimum: number;
  readonly dropped: number;
  readonly kept: number;
  readonly lift: number;
  readonly always: number;
  readonly ifOdd: number;
  readonly ifNegative: number;
  readonly parity: number;
  readonly isExactBelow: number;
  readonly sticky: number;
  readonly randomFlip: number;
  readonly randomShift: number;
  readonly randomMask: number;
  readonly randomOffset: number;
  readonly isFine: number;
  readonly firstDropped: number;
  readonly firstKept: number;
  readonly firstAlways: number;
  readonly firstIfOdd: number;
  readonly limitPositive: number;
  readonly limitNegative: number;
  readonly overflowPositive: number;
  readonly overflowNegative: number;
  readonly infinityPositive: number;
  readonly infinityNegative: number;
  readonly nanPositive: number;
  readonly nanNegative: number;
  readonly dropsNegativeZero: number;
  readonly mode: number;
  readonly randomBits: number;
  readonly mantissaBits: number;
  readonly minimumExponent: number;
  readonly bias: number;
  readonly shape: number;
  readonly zeroResult: number;
}

/** Fields that hold float32 values. */
interface FloatFields {
  readonly largest: number;
  readonly lowest: number;
  readonly flushBefore: number;
  readonly flushAfter: number;
  readonly zero: number;
  readonly smallestNormal: number;
}

/**
 * What a prepared cast holds in the memory of the kernels, as plain data. src/kernels/assembly/cast-constants.ts says
 * what the fields mean; `layout` is their order.
 */
export interface CastConstants extends IntegerFields, FloatFields {
  /** The values of a codebook; empty for other formats. */
  readonly codebook: readonly number[];
  /** Largest float32 that goes to each value of a codebook but the last; empty for other formats and random roundings. */
  readonly bounds: readonly number[];
}

const layout = [
  ...(["loop", "mask", "tiny", "limit", "largest", "lowest"] as const),
  ...(["minimum", "dropped", "kept", "lift"] as const),
  ...(["always", "ifOdd", "ifNegative", "parity", "isExactBelow", "sticky"] as const),
  ...(["randomFlip", "randomShift", "randomMask", "randomOffset", "isFine"] as const),
  ...(["firstDropped", "firstKept", "firstAlways", "firstIfOdd"] as const),
  ...(["limitPositive", "limitNegative", "overflowPositive", "overflowNegative"] as const),
  ...(["infinityPositive", "infinityNegative", "nanPositive", "nanNegative"] as const),
  ...(["flushBefore", "flushAfter", "zero", "dropsNegativeZero"] as const),
  ...(["mode", "randomBits", "mantissaBits", "minimumExponent", "bias", "smallestNormal"] as const),
  ...(["shape", "zeroResult"] as const),
];

const floatFields: ReadonlySet<string> = new Set<keyof FloatFields>([
  ...(["largest", "lowest", "flushBefore", "flushAfter", "zero", "smallestNormal"] as const),
]);

const codebookOffset = 256;
const boundsOffset = 512;

const longBoundsOffset = 2320;

/** As many values as have room before the bounds of a short codebook, and as there are bounds of a long one. */
const [longestShort, longestBounded] = [16, 256];

/** Bytes that a prepared cast takes, whatever the format. */
export const castBytes = longBoundsOffset + 2 * 4 * longestBounded;

/** Writes a prepared cast to `castBytes` bytes; the key of its random bits stays as it is. */
export function writeConstants(
  constants: CastConstants,
  {buffer, address}: {buffer: ArrayBufferLike; address: number},
): void {
  const view = new DataView(buffer, address, castBytes);
  layout.forEach((field, i) => {
    if (floatFields.has(field)) view.setFloat32(4 * i, constants[field], true);
    else view.setInt32(4 * i, constants[field], true);
  });
  const {codebook, bounds} = constants;
  view.setInt32(codebookOffset, codebook.length, true);
  codebook.forEach((value, i) => {
    view.setFloat64(codebookOffset + 8 + 8 * i, value, true);
  });
  if (codebook.length > longestShort) {
    for (let i = 0; i < longestBounded && bounds.length > 0; i++) {
      view.setFloat32(longBoundsOffset + 4 * i, bounds[i] ?? Number.POSITIVE_INFINITY, true);
      view.setFloat32(longBoundsOffset + 4 * (longestBounded + i), codebook[i] ?? 0, true);
    }
    return;
  }
  bounds.forEach((bound, i) => {
    view.setFloat32(boundsOffset + 4 * i, bound, true);
    view.setInt32(boundsOffset + 64 + 4 * i, bitsOf(codebook[i]) ^ bitsOf(codebook[i + 1]), true);
  });
}

/** Numbers of the loops in src/kernels/assembly/quantize.ts. */
const loops = {
  exact: 0,
  any: 1,
  addition: 2,
  additionClamped: 3,
  oneZero: 4,
  oneZeroClamped: 5,
  bits: 6,
  stochastic: 7,
  stochasticClamped: 8,
  codebook: 9,
  directed: 10,
  stochasticTwice: 11,
  longCodebook: 12,
};

/** Numbers of the exceptions in src/kernels/assembly/cast-exactly.ts. */
const shapes = {
  ...{noZero: 1, noSubnormals: 2, uniform: 4, wraps: 8, codebook: 16, dropsSign: 32, flushesToInput: 64},
  ...{
    float32Shifted: 128,
    inputZeroOrNormal: 256,
    roundedFirst: 512,
    roundedTwice: 1024,
    float32Arithmetic: 2048,
  },
};

const canonicalNan = 0x7fc00000;
const infinityBits = 0x7f800000;
/** Above all magnitudes but one NaN's: nothing is left to vectors. */
const everyMagnitude = 0x7fffffff;
const smallestNormalBits = 0x00800000;
const largestFloat32 = (2 - powerOfTwo(-23)) * powerOfTwo(127);

/**
 * One object for each format and rules, so that kernels see when they have prepared them.
 * @throws a usage error when the format is finer than float32, or all its values are huge
 */
export function castConstants(format: Format, rules: CastRules): CastConstants {
  const ofFormat = knownConstants.get(format) ?? new Map<string, CastConstants>();
  knownConstants.set(format, ofFormat);
  const key = JSON.stringify(rules);
  const constants = ofFormat.get(key) ?? findConstants(format, rules);
  ofFormat.set(key, constants);
  return constants;
}

const knownConstants = new WeakMap<Format, Map<string, CastConstants>>();

function findConstants(format: Format, rules: CastRules): CastConstants {
  const grid = gridOf(format, rulesFor(format, rules.policy));
  const constants = {...grid, ...roundingConstants(grid, rules), ...resultsOf(format, rules)};
  return {...constants, ...loopFor(format, rules, constants)};
}

/**
 * How many random bits decide what goes up, where the cast clamps to the largest value on either side and keeps all signs:
 * as many as there are, in proportion to what is cut off, or the carry of 16; undefined for any other cast.
 */
export function randomBitsOfClamped(c: CastConstants): 32 | 16 | undefined {
  if (c.loop !== loops.stochasticClamped || !Object.is(c.zero, -0)) return undefined;
  if (c.randomFlip === -1) return c.randomMask === (1 << c.dropped) - 1 ? 32 : undefined;
  const upper16 = (1 << c.dropped) - (1 << (c.dropped - 16));
  const isCarryOf16 = c.dropped > 16 && c.randomBits === 16 && c.randomMask === upper16;
  return isCarryOf16 && c.minimum > smallestNormalBits ? 16 : undefined;
}

/** Whether the cast leaves every float32 as it is, NaN bits aside. */
export function leavesAllAsIs(format: Format, rules: CastRules): boolean {
  if (!containsFloat32(format)) return false;
  const cast = caster(format, rules);
  const extremes = [0, -0, powerOfTwo(-149), powerOfTwo(-126), largestFloat32, Number.POSITIVE_INFINITY];
  return (
    Number.isNaN(cast(Number.NaN)) &&
    [...extremes, ...extremes.map((x) => -x)].every((x) => Object.is(Math.fround(cast(x)), x))
  );
}

type Grid = Pick<
  CastConstants,
  | (
      | "mantissaBits"
      | "minimumExponent"
      | "bias"
      | "parity"
      | "dropped"
      | "kept"
      | "lift"
      | "minimum"
      | "tiny"
    )
  | ("smallestNormal" | "flushBefore" | "flushAfter" | "shape")
>;

/** Where the values lie, and what becomes of those below the smallest normal one. */
function gridOf(format: Format, policy: PolicyRules): Grid {
  if (format.kind === "float") return floatGrid(format, policy);
  if (format.kind === "codebook") {
    return {...uniformGrid(0, 1), shape: shapes.codebook, tiny: everyMagnitude};
  }
  const grid = uniformGrid(format.bits - format.fractionBits, format.bits);
  if (grid.minimumExponent > 127 || grid.minimumExponent <= -126) throw notWithinFloat32(format);
  const exceptions = {
    uniform: true,
    wraps: policy.integerOverflow === "wrap",
    float32Arithmetic: policy.arithmetic === "float32",
  };
  return {...grid, shape: shapeOf(exceptions)};
}

/** The sum of the exceptions that hold. */
function shapeOf(exceptions: {readonly [name in keyof typeof shapes]?: boolean}): number {
  const names = Object.keys(exceptions) as (keyof typeof shapes)[];
  return names.reduce((sum, name) => sum + (exceptions[name] ? shapes[name] : 0), 0);
}

/** All values of a fixed-point format lie below the smallest normal value of a float format of the same spacing. */
function uniformGrid(minimumExponent: number, bits: number): Grid {
  return {
    ...precision(bits),
    ...{minimumExponent, bias: 0, parity: 0, minimum: (minimumExponent + 127) << 23, tiny: 0},
    ...{smallestNormal: powerOfTwo(minimumExponent), flushBefore: 0, flushAfter: 0, shape: 0},
  };
}

function floatGrid(format: FloatFormat, policy: PolicyRules): Grid {
  const isWide = containsFloat32(format);
  const mantissaBits = isWide ? 23 : format.mantissaBits; // as vectors of float32 have it
  // Where the spacing would go below 2^-149, every float32 is a multiple of it, and nothing has to be rounded.
  const minimumExponent = isWide ? -126 : Math.max(lowestExponent(format), mantissaBits - 149);
  const {smallest} = formatProperties(format);
  const isTooHigh = minimumExponent + 23 - mantissaBits > 127; // subnormals are rounded by adding that power of two
  if (mantissaBits > 23 || isTooHigh) throw notWithinFloat32(format);
  const {subnormalInput, subnormalOutput} = policy;
  const hasZero = format.zero !== "none";
  const smallestNormal = format.subnormals ? powerOfTwo(minimumExponent) : smallest;
  const isFlushedBefore = hasZero && subnormalOutput === "flush-before";
  const exceptions = {
    noZero: !hasZero,
    noSubnormals: hasZero && (subnormalOutput === "zero-or-normal" || !format.subnormals),
    dropsSign: !format.signed && policy.negativeInput === "magnitude",
    flushesToInput: isFlushedBefore && policy.negativeZero === "drop-input",
    float32Shifted: subnormalInput === "float32-shifted",
    inputZeroOrNormal: subnormalInput === "zero-or-normal",
    roundedFirst: subnormalInput === "rounded-first",
    roundedTwice: subnormalOutput === "rounded-twice",
    float32Arithmetic: policy.arithmetic === "float32",
  };
  const {noZero, noSubnormals, roundedFirst, roundedTwice} = exceptions;
  const isOnlyExact =
    [noZero, noSubnormals, roundedFirst, roundedTwice].some(Boolean) ||
    mantissaBits === 0 ||
    minimumExponent < -126;
  const leastBits = exceptions.inputZeroOrNormal ? smallestNormalBits : 0;
  return {
    ...precision(mantissaBits),
    mantissaBits: format.mantissaBits,
    ...{minimumExponent, bias: format.bias, smallestNormal},
    parity: mantissaBits === 0 ? (format.bias + 127) & 1 : 0,
    minimum: isOnlyExact ? 0 : (minimumExponent + 127) << 23,
    tiny: isOnlyExact ? Math.max(bitsOf(smallestNormal), smallestNormalBits) : leastBits,
    flushBefore: Math.max(
      subnormalInput === "zero" ? powerOfTwo(-126) : 0,
      isFlushedBefore ? smallestNormal : 0,
    ),
    flushAfter: subnormalOutput === "flush-after" ? smallestNormal : 0,
    shape: shapeOf(exceptions),
  };
}

/** For 1 to 23 stored bits, of which float32 has 23. */
function precision(mantissaBits: number): Pick<Grid, "mantissaBits" | "dropped" | "kept" | "lift"> {
  const dropped = 23 - mantissaBits;
  return {mantissaBits, dropped, kept: -(1 << dropped), lift: dropped << 23};
}

/** Whether every float32 is a value of the format. */
function containsFloat32(format: Format): boolean {
  if (format.kind !== "float" || !format.signed || !format.subnormals) return false;
  const isFine = format.mantissaBits >= 23 && lowestExponent(format) <= -126;
  return isFine && formatProperties(format).largest >= largestFloat32;
}

type Rounding = Pick<
  CastConstants,
  | ("mode" | "randomBits" | "always" | "ifOdd" | "ifNegative" | "isExactBelow" | "sticky" | "isFine")
  | ("randomFlip" | "randomShift" | "randomMask" | "randomOffset")
  | ("firstDropped" | "firstKept" | "firstAlways" | "firstIfOdd")
>;

/** What is added to the bits of a magnitude before the dropped ones are cut. */
function roundingConstants({dropped, shape}: Grid, {rounding, bits}: CastRules): Rounding {
  const plain: Rounding = {
    ...{
      mode: Object.keys(roundings).indexOf(rounding),
      randomBits: isProportional(rounding, bits) ? 0 : randomBitsOf(rounding, bits),
    },
    ...{
      always: 0,
      ifOdd: 0,
      ifNegative: 0,
      isExactBelow: shape & shapes.float32Shifted ? 0 : -1,
      sticky: 1,
      isFine: 0,
    },
    ...{randomFlip: 0, randomShift: 0, randomMask: 0, randomOffset: 0},
    ...{firstDropped: 0, firstKept: -1, firstAlways: 0, firstIfOdd: 0},
  };
  if (dropped === 0) return plain;
  return {
    ...plain,
    ...(isStochastic(rounding) ? randomAddend(dropped, rounding, bits) : addend(dropped, rounding)),
  };
}

/** Whether the chance to go up is the share of the way, to within the whole random word. */
const isProportional = (rounding: RoundingMode, bits: number | undefined): boolean =>
  rounding === "stochastic" && bits === undefined;

/** Of the deterministic modes. */
function addend(dropped: number, rounding: RoundingMode): Partial<Rounding> {
  const half = 1 << (dropped - 1);
  const all = (1 << dropped) - 1;
  switch (rounding) {
    case "nearest-even":
      return {always: half - 1, ifOdd: 1};
    case "nearest-odd":
      return {always: half, ifOdd: -1};
    case "nearest-away":
      return {always: half};
    case "nearest-zero":
      return {always: half - 1};
    case "away":
      return {always: all};
    case "odd":
      return {always: all, ifOdd: -all};
    case "up":
      return {always: all, ifNegative: -all};
    case "down":
      return {ifNegative: all};
    default:
      return {};
  }
}

/**
 * Of the stochastic modes: the carry of the random bits, aligned with the uppermost dropped ones, goes up. The
 * proportional mode goes up where the word is small, which its complement turns around. Forms with fewer random than
 * dropped bits round to as many bits first (C, odd), or put a half below the random bits (B).
 */
function randomAddend(dropped: number, rounding: RoundingMode, bits: number | undefined): Partial<Rounding> {
  const all = (1 << dropped) - 1;
  if (rounding === "stochastic-equal") return {randomShift: 31, randomMask: all};
  const isFlipped = isProportional(rounding, bits);
  const unused = isFlipped ? 0 : Math.max(0, dropped - randomBitsOf(rounding, bits));
  const random = {
    randomFlip: isFlipped ? -1 : 0,
    randomShift: 32 - dropped,
    randomMask: all & -(1 << unused),
  };
  if (unused === 0) return {...random, sticky: 0, isFine: -1};
  const half = 1 << (unused - 1);
  if (rounding === "stochastic-a") return {...random, sticky: 0};
  if (rounding === "stochastic-b") return {...random, sticky: 0, randomOffset: half};
  const first = {firstDropped: unused, firstKept: -(1 << unused)};
  if (rounding === "stochastic-odd") return {...random, ...first, firstAlways: half, firstIfOdd: -1};
  return {...random, ...first, firstAlways: half - 1, firstIfOdd: 1};
}

type Results = Pick<
  CastConstants,
  | ("largest" | "lowest" | "limitPositive" | "limitNegative" | "overflowPositive" | "overflowNegative")
  | ("infinityPositive" | "infinityNegative" | "nanPositive" | "nanNegative")
  | ("zero" | "dropsNegativeZero" | "zeroResult" | "codebook" | "bounds")
>;

/** What becomes of values that are not simply rounded, found out by casting them. */
function resultsOf(format: Format, rules: CastRules): Results {
  const {largest, lowest} = formatProperties(format);
  const cast = caster(format, rules);
  const limit = bitsOf(Math.min(largest, largestFloat32));
  const {negativeZero, negativeInput, finiteOverflow} = rulesFor(format, rules.policy);
  const isUnsignedFloat = format.kind === "float" && !format.signed && negativeInput !== "magnitude";
  const overflow = (isNegative: boolean): number => {
    if (format.kind !== "float") return cast(isNegative ? -powerOfTwo(1000) : powerOfTwo(1000));
    if (isNegative && isUnsignedFloat) return cast(-1);
    // The format has values there, but float32, in which results are, has not.
    if (largest > largestFloat32) return isNegative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const magnitude = overflowOf(format, finiteOverflow, rules.rounding, isNegative);
    return isNegative && format.signed ? -magnitude : magnitude;
  };
  const hasNegativeZero = format.kind === "float" && format.zero === "signed" && negativeZero !== "drop";
  return {
    largest: Math.min(largest, largestFloat32),
    lowest: isUnsignedFloat ? 0 : Math.max(lowest, -largestFloat32),
    limitPositive: limit,
    limitNegative: isUnsignedFloat ? -1 : format.kind === "float" ? limit : bitsOf(0 - lowest),
    overflowPositive: bitsOf(overflow(false)),
    overflowNegative: bitsOf(overflow(true)),
    infinityPositive: bitsOf(cast(Number.POSITIVE_INFINITY)),
    infinityNegative: bitsOf(cast(Number.NEGATIVE_INFINITY)),
    nanPositive: bitsOf(cast(Number.NaN)),
    nanNegative: bitsOf(cast(Number.NaN, {isNegativeNan: true})),
    zero: hasNegativeZero ? -0 : 0,
    dropsNegativeZero: hasNegativeZero && negativeZero === "keep" ? 0 : -1,
    zeroResult: bitsOf(cast(0)),
    ...codebookResults(format, rules),
  };
}

function codebookResults(format: Format, rules: CastRules): Pick<CastConstants, "codebook" | "bounds"> {
  if (format.kind !== "codebook") return {codebook: [], bounds: []};
  const {values} = format;
  const cast = caster(format, rules);
  const ends = [cast(Number.NEGATIVE_INFINITY), cast(Number.POSITIVE_INFINITY)];
  const isBounded =
    values.length <= longestBounded &&
    !isStochastic(rules.rounding) &&
    ends[0] === values[0] &&
    ends[1] === values[values.length - 1];
  return {
    codebook: values,
    bounds: isBounded ? knownBounds(values, rules, cast) : [],
  };
}

const boundsOfCodebooks = new WeakMap<readonly number[], Map<string, readonly number[]>>();

/** The bounds of a codebook, which are found once for each rounding and policy. */
function knownBounds(
  values: readonly number[],
  rules: CastRules,
  cast: (x: number) => number,
): readonly number[] {
  const ofCodebook = boundsOfCodebooks.get(values) ?? new Map<string, readonly number[]>();
  boundsOfCodebooks.set(values, ofCodebook);
  const key = JSON.stringify(rules);
  const bounds = ofCodebook.get(key) ?? values.slice(0, -1).map((value) => lastBelow(cast, value));
  ofCodebook.set(key, bounds);
  return bounds;
}

/** The largest float32 whose cast is not above `value`, by bisection among the floats in ascending order. */
function lastBelow(cast: (x: number) => number, value: number): number {
  let [below, above] = [-infinityBits, infinityBits];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (cast(floatAt(middle)) <= value) below = middle;
    else above = middle;
  }
  return floatAt(below);
}

/** Floats in ascending order: positive ones by their bits, negative ones by the opposite of those of the magnitude. */
const floatAt = (order: number): number => {
  const magnitude = new Float32Array(Int32Array.of(Math.abs(order)).buffer)[0];
  return order < 0 ? -magnitude : magnitude;
};

/** The fastest loop that suits, and where it stops. */
function loopFor(
  format: Format,
  {rounding}: CastRules,
  c: Grid & Rounding & Results,
): Pick<CastConstants, "loop" | "mask" | "limit"> {
  const signed = format.kind !== "float" || format.signed;
  const mask = signed ? 0x7fffffff : -1;
  const limit = Math.min(c.limitPositive, signed ? c.limitNegative : c.limitPositive);
  if (c.bounds.length > 0) {
    return {loop: c.codebook.length > longestShort ? loops.longCodebook : loops.codebook, mask, limit};
  }
  const any = {loop: needsExact(c) ? loops.exact : loops.any, mask, limit};
  const isPlain = (c.shape & shapes.float32Shifted) === 0 && c.flushBefore === 0 && c.flushAfter === 0;
  if (any.loop === loops.exact || !isPlain) return any;

  const keepsSigns = Object.is(c.zero, -0);
  if (keepsSigns && c.dropsNegativeZero !== 0) return any;
  const isClamped =
    [c.overflowPositive, c.infinityPositive].every((bits) => bits === bitsOf(c.largest)) &&
    [c.overflowNegative, c.infinityNegative].every((bits) => bits === bitsOf(c.lowest));
  const isSymmetric = c.lowest === -c.largest;

  if (isStochastic(rounding)) {
    const suits = c.randomOffset === 0 && c.dropped >= 2 && c.tiny === 0;
    if (!suits) return any;
    if (c.firstDropped > 0) return {loop: loops.stochasticTwice, mask, limit};
    if (isClamped && isSymmetric) return {loop: loops.stochasticClamped, mask, limit: infinityBits};
    return {loop: loops.stochastic, mask, limit};
  }
  const isUnsignedRounding = c.ifNegative === 0 && (c.ifOdd === 0 || c.ifOdd === 1) && c.parity === 0;
  const isSpacedAsFloat32 = c.minimum <= smallestNormalBits && c.tiny <= limit && format.kind === "float";
  if (isSpacedAsFloat32 && isUnsignedRounding && (keepsSigns || c.tiny > 0)) {
    return {loop: loops.bits, mask, limit: lastKept(format, rounding, limit) - c.tiny};
  }
  // One bit less for values with signs, see `roundByAddition`.
  const isAddable = c.tiny === 0 && c.mantissaBits >= 1 && c.mantissaBits <= (keepsSigns ? 22 : 21);
  const isCuttable = c.tiny === 0 && c.dropped >= 2;
  if (rounding !== "nearest-even") return isCuttable ? {loop: loops.directed, mask, limit} : any;
  if (!isAddable) return any;
  const largestAddable = ((127 + 127 - c.dropped) << 23) - 1;
  if (isClamped && limit <= largestAddable && (isSymmetric || !keepsSigns)) {
    return {
      loop: keepsSigns ? loops.additionClamped : loops.oneZeroClamped,
      mask: 0x7fffffff,
      limit: infinityBits,
    };
  }
  return {
    loop: keepsSigns ? loops.addition : loops.oneZero,
    mask,
    limit: Math.min(lastKept(format, rounding, limit), largestAddable),
  };
}

/** Whether vectors of float32 are too narrow; see `castFour` for what they can do. */
function needsExact(c: Grid & Rounding): boolean {
  const {wraps, codebook, dropsSign, flushesToInput, float32Arithmetic, float32Shifted} = shapes;
  if (c.shape & (wraps | codebook | dropsSign | flushesToInput | float32Arithmetic)) return true;
  if (c.shape & float32Shifted && c.flushBefore > 0) return true;
  const isCutBelow = c.minimum > smallestNormalBits;
  const isTooFine = c.dropped < 2 || c.firstDropped === 1;
  return isCutBelow && isTooFine;
}

/** Bits of the largest magnitude that does not go beyond the largest value. */
function lastKept(format: Format, rounding: RoundingMode, limit: number): number {
  if (format.kind !== "float" || rounding !== "nearest-even") return limit;
  return bitsOf(nextFloat32(castLimits(format).overflowing, -1));
}

const notWithinFloat32 = (format: Format) => usageError(`format ${format.name} does not lie within float32`);

const bitsOf = (x: number): number =>
  Number.isNaN(x) ? canonicalNan : new Int32Array(Float32Array.of(x).buffer)[0];
