import {codeBits, decodeMagnitude, largestCode, specialCodes} from "./decode.js";
import type {FloatFormat, Format, IntegerFormat} from "./format.js";
import {binaryExponent, powerOfTwo} from "./power-of-two.js";

/** What follows from a format's record; values are exact doubles, and null where the format has none. */
export interface FormatProperties {
  /** Width of a code. */
  readonly bits: number;
  /** Number of distinct finite values. */
  readonly finiteValues: number;
  /** Codes that stand for an infinity. */
  readonly infinities: number;
  /** Codes that stand for NaN. */
  readonly nans: number;
  /** Codes that stand for zero: 2 where zero is signed. */
  readonly zeros: number;
  /** Largest finite value. */
  readonly largest: number;
  /** Most negative finite value. */
  readonly lowest: number;
  /** Smallest positive value. */
  readonly smallest: number;
  readonly smallestNormal: number | null;
  readonly largestSubnormal: number | null;
  readonly smallestSubnormal: number | null;
  /** Exponent of the smallest normal value: below it the spacing stays as it is there. */
  readonly minimumExponent: number;
  /** floor(log2 largest). */
  readonly maximumExponent: number;
  /** Spacing of the values just above 1. */
  readonly epsilon: number;
  /** Magnitudes above this one round to nearest beyond `largest`. */
  readonly overflowThreshold: number;
  /** Whether the threshold itself, a tie, goes to `largest`, which then has the even code. */
  readonly thresholdIsKept: boolean;
}

export function formatProperties(format: Format): FormatProperties {
  return format.kind === "float" ? floatProperties(format) : integerProperties(format);
}

function floatProperties(format: FloatFormat): FormatProperties {
  const {mantissaBits} = format;
  const bits = codeBits(format);
  const {infinities, nans} = specialCodes(format);
  const minimumExponent = 1 - format.bias;
  const smallestNormal = powerOfTwo(minimumExponent);
  const smallest = decodeMagnitude(format, 1);
  const largest = decodeMagnitude(format, largestCode(format));
  const maximumExponent = binaryExponent(largest);
  const spacing = (exponent: number) => powerOfTwo(Math.max(exponent, minimumExponent) - mantissaBits);
  const hasSubnormals = mantissaBits > 0;
  return {
    bits,
    finiteValues: powerOfTwo(bits) - infinities - nans - 1,
    infinities,
    nans,
    zeros: 2,
    largest,
    lowest: -largest,
    smallest,
    smallestNormal: smallestNormal <= largest ? smallestNormal : null,
    largestSubnormal: hasSubnormals ? decodeMagnitude(format, powerOfTwo(mantissaBits) - 1) : null,
    smallestSubnormal: hasSubnormals ? smallest : null,
    minimumExponent,
    maximumExponent,
    epsilon: spacing(0),
    overflowThreshold: largest + spacing(maximumExponent) / 2,
    thresholdIsKept: largestCode(format) % 2 === 0,
  };
}

function integerProperties({bits}: IntegerFormat): FormatProperties {
  const largest = powerOfTwo(bits - 1) - 1;
  return {
    bits,
    finiteValues: powerOfTwo(bits),
    infinities: 0,
    nans: 0,
    zeros: 1,
    largest,
    lowest: -largest - 1,
    smallest: 1,
    smallestNormal: null,
    largestSubnormal: null,
    smallestSubnormal: null,
    minimumExponent: 0,
    maximumExponent: binaryExponent(largest),
    epsilon: 1,
    overflowThreshold: largest + 0.5,
    thresholdIsKept: false,
  };
}

/** Float32 magnitudes at which a cast to nearest loses values altogether. */
export interface CastLimits {
  /** Up to this magnitude values round to zero. */
  readonly vanishing: number;
  /** Largest finite value of the format. */
  readonly largest: number;
  /** From this magnitude on values round beyond `largest`; infinity where no finite float32 does. */
  readonly overflowing: number;
}

export function castLimits(format: Format): CastLimits {
  const {smallest, largest, overflowThreshold, thresholdIsKept} = formatProperties(format);
  const rounded = Math.fround(overflowThreshold);
  const isKept = rounded < overflowThreshold || (rounded === overflowThreshold && thresholdIsKept);
  return {
    vanishing: smallest / 2, // a tie, and zero has the even code
    largest,
    overflowing: isKept ? nextFloat32(rounded, 1) : rounded,
  };
}

/** The float32 that is `steps` after a positive one, or before it. */
export function nextFloat32(x: number, steps: number): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer);
  bits[0] += steps;
  return new Float32Array(bits.buffer)[0];
}
