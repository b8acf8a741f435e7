import {binaryExponent, powerOfTwo} from "../../formats/power-of-two.js";

/**
 * The ways from the largest magnitude of a block to its scale. The first five make a power of two with an E8M0 code,
 * the next three a float32 scale, the last three one in a narrow float format. In this order the kernel counts them.
 */
export const scaleChains = [
  /** ⌊log₂ amax⌋ − emax, emax being ⌊log₂ F⌋ and F the largest element: the text of OCP MX. */
  "floor",
  /** ⌈log₂ amax⌉ − emax. */
  "ceil",
  /** ⌈log₂(amax · fl(1/F))⌉: the smallest power of two that brings amax within F. */
  "rceil",
  /** As floor, of an amax rounded half up to the mantissa bits of the elements. */
  "even",
  /** As floor, one more where amax then exceeds the middle between F and 2^(emax + 1). */
  "midmax",
  /** The encode multiplier first: r = F / amax, s = 1 / r (TransformerEngine). */
  "encode",
  /** The scale first: s = amax / F, elements divided by it (DeepSeek-V3). */
  "divide",
  /** The scale first, elements multiplied by 1 / s (bitsandbytes). */
  "reciprocal",
  /** One level: S = round(clamp(amax / F)), r = 1 / S. */
  "rounded",
  /** Two levels as TransformerEngine computes them. */
  "two-level",
  /** Two levels as torchao computes them. */
  "two-level-torchao",
] as const;

export type ScaleChain = (typeof scaleChains)[number];

/** Everything that the scale of a block depends on besides its amax; what a chain does not use is ignored. */
export interface ScaleConstants {
  readonly chain: ScaleChain;
  /** F: largest element. */
  readonly largest: number;
  /** Stored fraction bits of the elements. */
  readonly mantissaBits: number;
  /** float32 chains: amax counts as at least this. */
  readonly epsilon: number;
  /** `encode` rounds its multiplier down to a power of two, `divide` and `reciprocal` their scale up. */
  readonly isPowerOfTwo: boolean;
  /**
   * E8M0: an infinite amax, or an exponent above 127, gives the largest scale 0xFE; otherwise 0xFF, which is NaN and
   * makes the whole block NaN.
   */
  readonly saturatesScale: boolean;
  /** E8M0: elements of a block with code 0 are multiplied by 1 instead of 2^127. */
  readonly keepsTiny: boolean;
  /** Narrow scale formats: stored fraction bits, exponent of the smallest normal value, largest and least scale. */
  readonly scaleMantissaBits: number;
  readonly scaleMinimumExponent: number;
  readonly scaleLargest: number;
  readonly scaleLeast: number;
}

/** The second level of scales, one for a tensor or a row, see `outerScale`, or the same for all. */
export interface OuterScale {
  /** What the scales of blocks are found with; beside powers of two, what all elements are multiplied by. */
  readonly encode: number;
  /** What decoded values are multiplied by at last. */
  readonly decode: number;
}

export interface BlockScale {
  /** Elements are cast(x · encode); with the chain `divide` cast(x / encode). */
  readonly encode: number;
  /** What element values are multiplied by. */
  readonly decode: number;
  /** The scale as it is stored beside the block. */
  readonly stored: number;
}

export const noOuterScale: OuterScale = {encode: 1, decode: 1};

const {fround} = Math;
const largestFloat32 = (2 - powerOfTwo(-23)) * powerOfTwo(127);
const limit = (x: number): number => Math.min(x, largestFloat32); // NaN stays NaN

/** The scale of a block; every operation is rounded to float32. */
export function blockScale(
  amax: number,
  constants: ScaleConstants,
  outer: OuterScale = noOuterScale,
): BlockScale {
  switch (constants.chain) {
    case "encode":
      return encodeFirst(amax, constants);
    case "divide":
    case "reciprocal":
      return scaleFirst(amax, constants);
    case "rounded":
      return oneLevel(amax, constants);
    case "two-level":
      return twoLevel(amax, constants, outer);
    case "two-level-torchao":
      return twoLevelTorchao(amax, constants, outer);
    default:
      return powerScale(amax, constants, outer);
  }
}

/**
 * The second level for a chain of two, from the largest magnitude of the tensor or row:
 * G = B·F / amax and g = 1 / G, or for `two-level-torchao` t = amax / (B·F), which enters the scales of the blocks.
 *
 * @param bound B, the largest scale that a block will need
 */
export function outerScale(
  amax: number,
  {chain, largest}: Pick<ScaleConstants, "chain" | "largest">,
  bound: number,
): OuterScale {
  const range = fround(bound * largest);
  if (chain === "two-level") {
    const encode = limit(fround(range / amax)) || (Number.isNaN(amax) ? Number.NaN : 1);
    return {encode, decode: fround(1 / encode)};
  }
  // torchao divides by 0 for a tensor of zeros, which would make it NaN; here it stays zero.
  return {encode: fround(amax / range) || (Number.isNaN(amax) ? Number.NaN : 1), decode: 1};
}

function powerScale(amax: number, constants: ScaleConstants, outer: OuterScale): BlockScale {
  const exponent = scaleExponent(amax, constants);
  const stored = Number.isNaN(exponent) ? Number.NaN : powerOfTwo(exponent);
  const encode = exponent === -127 && constants.keepsTiny ? 1 : 1 / stored;
  return {encode: fround(encode * outer.encode), decode: stored, stored};
}

/** The exponent of an E8M0 scale, -127 to 127; NaN for the code 0xFF. */
function scaleExponent(amax: number, constants: ScaleConstants): number {
  const {chain, largest, mantissaBits, saturatesScale} = constants;
  if (Number.isNaN(amax)) return Number.NaN;
  const beyond = saturatesScale ? 127 : Number.NaN;
  if (amax === Number.POSITIVE_INFINITY) return beyond;
  if (amax === 0) return -127;
  const largestExponent = binaryExponent(largest);
  const clamp = (exponent: number) => (exponent > 127 ? beyond : Math.max(exponent, -127));
  switch (chain) {
    case "ceil":
      return clamp(ceilingExponent(amax) - largestExponent);
    case "rceil": {
      const scale = fround(amax * fround(1 / largest));
      return scale === 0 ? -127 : clamp(ceilingExponent(scale));
    }
    case "even": {
      const half = powerOfTwo(binaryExponent(amax) - mantissaBits - 1);
      const exponent = binaryExponent(amax + half);
      // torchao takes an amax that rounds to 2^128 for infinite.
      return exponent > 127 && !saturatesScale ? Number.NaN : clamp(exponent - largestExponent);
    }
    case "midmax": {
      const exponent = binaryExponent(amax) - largestExponent;
      const middle = (largest + powerOfTwo(largestExponent + 1)) / 2;
      return clamp(amax > middle * powerOfTwo(exponent) ? exponent + 1 : exponent);
    }
    default:
      return clamp(binaryExponent(amax) - largestExponent);
  }
}

/** x / 2^⌊log₂ x⌋, from 1 to 2. */
const fraction = (x: number): number => x / powerOfTwo(binaryExponent(x));

const ceilingExponent = (x: number): number => binaryExponent(x) + (fraction(x) > 1 ? 1 : 0);

/** Sections "current scaling" and "block scaling" of TransformerEngine: an amax of 0 keeps the multiplier 1. */
function encodeFirst(amax: number, {largest, epsilon, isPowerOfTwo}: ScaleConstants): BlockScale {
  const magnitude = Math.max(amax, fround(epsilon));
  const exact = magnitude === 0 ? 1 : limit(fround(largest / magnitude));
  const encode = isPowerOfTwo && exact > 0 ? powerOfTwo(binaryExponent(exact)) : exact;
  const decode = fround(1 / encode);
  return {encode, decode, stored: decode};
}

function scaleFirst(amax: number, {chain, largest, epsilon, isPowerOfTwo}: ScaleConstants): BlockScale {
  const exact = fround(Math.max(amax, fround(epsilon)) / largest);
  const isOrdinary = exact > 0 && exact < Number.POSITIVE_INFINITY;
  const rounded = isPowerOfTwo && isOrdinary ? fround(powerOfTwo(ceilingExponent(exact))) : exact;
  const decode = rounded === 0 ? 1 : rounded;
  const encode = chain === "divide" ? decode : limit(fround(1 / decode));
  return {encode, decode, stored: decode};
}

function oneLevel(amax: number, constants: ScaleConstants): BlockScale {
  const stored = roundScale(fround(amax / constants.largest), constants);
  return {encode: limit(fround(1 / stored)), decode: stored, stored};
}

/** NVFP4 as in TransformerEngine's reference: G · fl(1/F) is one factor, and r = 1 / (S·g). */
function twoLevel(amax: number, constants: ScaleConstants, {encode, decode}: OuterScale): BlockScale {
  const factor = fround(encode * fround(1 / constants.largest));
  const stored = roundScale(limit(fround(amax * factor)), constants);
  return {encode: limit(fround(1 / fround(stored * decode))), decode: stored, stored};
}

/** NVFP4 as in torchao: S = (amax / F) / t, r = (1 / t) / S; values are q · (t·S). */
function twoLevelTorchao(amax: number, constants: ScaleConstants, {encode: t}: OuterScale): BlockScale {
  const stored = roundScale(fround(fround(amax / constants.largest) / t), constants);
  return {encode: limit(fround(fround(1 / t) / stored)), decode: fround(t * stored), stored};
}

/** Clamped to the scales of the format, and rounded to nearest even. */
export function roundScale(
  x: number,
  {scaleMantissaBits, scaleMinimumExponent, scaleLargest, scaleLeast}: ScaleConstants,
): number {
  const clamped = Math.max(Math.min(x, scaleLargest), scaleLeast);
  if (!(clamped > 0)) return clamped;
  const spacing = powerOfTwo(Math.max(binaryExponent(clamped), scaleMinimumExponent) - scaleMantissaBits);
  const steps = clamped / spacing;
  const below = Math.floor(steps);
  const rest = steps - below;
  return (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below) * spacing;
}
