import {codeBits, decodeMagnitude, largestCode, lowestExponent, specialCodes} from "./decode.js";
import type {CodebookFormat, FloatFormat, Format, IntegerFormat} from "./format.js";
import {binaryExponent, powerOfTwo} from "./power-of-two.js";

/** What follows from a format's record; values are exact doubles, and null where the format has none. */
export interface FormatProperties {
  /** Width of a code. */
  readonly bits: number;
  /** Number of distinct finite values that have a code. */
  readonly finiteValues: number;
  /** Codes that stand for an infinity. */
  readonly infinities: number;
  /** Codes that stand for NaN. */
  readonly nans: number;
  /** Codes that stand for zero: 2 where zero is signed, 0 where there is none. */
  readonly zeros: number;
  /** Largest finite value. */
  readonly largest: number;
  /** Most negative finite value that a cast gives; 0 or the smallest value in unsigned formats. */
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
  /** Spacing of the values just above 1, as if the grid reached there; null for codebooks. */
  readonly epsilon: number | null;
  /** Largest relative error of rounding to nearest, half of `epsilon`; null where the spacing does not grow. */
  readonly unitRoundoff: number | null;
  /** Magnitudes above this one round to nearest beyond `largest`; infinity where that is no double. */
  readonly overflowThreshold: number;
  /** Whether the threshold itself, a tie, goes to `largest`, which then has the even code. */
  readonly thresholdIsKept: boolean;
}

export function formatProperties(format: Format): FormatProperties {
  if (format.kind === "codebook") return codebookProperties(format);
  return format.kind === "float" ? floatProperties(format) : integerProperties(format);
}

function floatProperties(format: FloatFormat): FormatProperties {
  const {mantissaBits, exponentBits, signed, zero} = format;
  const bits = codeBits(format);
  const {infinities, nans} = specialCodes(format);
  const zeros = {signed: 2, unsigned: 1, none: 0}[zero];
  const smallest = decodeMagnitude(format, zero === "none" ? 0 : 1);
  const largest = largestMagnitude(format);
  const maximumExponent = binaryExponent(largest);
  const hasSubnormals = format.subnormals && mantissaBits > 0;
  const minimumExponent = format.subnormals ? lowestExponent(format) : binaryExponent(smallest);
  const smallestNormal = format.subnormals ? powerOfTwo(minimumExponent) : smallest;
  const spacing = (exponent: number) => powerOfTwo(Math.max(exponent, minimumExponent) - mantissaBits);
  const epsilon = exponentBits > 0 ? spacing(0) : smallest;
  return {
    bits,
    finiteValues: powerOfTwo(bits) - infinities - nans - (zeros === 2 ? 1 : 0),
    infinities,
    nans,
    zeros,
    largest,
    lowest: signed ? -largest : zero === "none" ? smallest : 0,
    smallest,
    smallestNormal: smallestNormal <= largest ? smallestNormal : null,
    largestSubnormal: hasSubnormals
      ? decodeMagnitude(format, Math.min(powerOfTwo(mantissaBits) - 1, largestCode(format)))
      : null,
    smallestSubnormal: hasSubnormals ? smallest : null,
    minimumExponent,
    maximumExponent,
    epsilon,
    unitRoundoff: exponentBits > 0 ? powerOfTwo(-mantissaBits - 1) : null,
    overflowThreshold: largest + spacing(maximumExponent) / 2,
    thresholdIsKept: bits <= exactBits && largestCode(format) % 2 === 0,
  };
}

/** Widest codes that are exact in a double; only fp64 has wider ones. */
const exactBits = 53;

function largestMagnitude(format: FloatFormat): number {
  if (codeBits(format) <= exactBits) return decodeMagnitude(format, largestCode(format));
  const {exponentBits, mantissaBits, bias} = format;
  return (2 - powerOfTwo(-mantissaBits)) * powerOfTwo(powerOfTwo(exponentBits) - 2 - bias);
}

function integerProperties({bits, fractionBits, signed, symmetric}: IntegerFormat): FormatProperties {
  const step = powerOfTwo(-fractionBits);
  const largestInteger = powerOfTwo(signed ? bits - 1 : bits) - 1;
  const lowestInteger = signed ? (symmetric ? -largestInteger : -largestInteger - 1) : 0;
  return {
    bits,
    finiteValues: powerOfTwo(bits),
    infinities: 0,
    nans: 0,
    zeros: 1,
    largest: largestInteger * step,
    lowest: lowestInteger * step,
    smallest: step,
    smallestNormal: null,
    largestSubnormal: null,
    smallestSubnormal: null,
    minimumExponent: -fractionBits,
    maximumExponent: binaryExponent(largestInteger * step),
    epsilon: step,
    unitRoundoff: null,
    overflowThreshold: (largestInteger + 0.5) * step,
    thresholdIsKept: false,
  };
}

function codebookProperties({bits, values}: CodebookFormat): FormatProperties {
  const largest = values[values.length - 1];
  const smallest = values.find((x) => x > 0) as number;
  return {
    bits,
    finiteValues: values.length,
    infinities: 0,
    nans: 0,
    zeros: 1,
    largest,
    lowest: values[0],
    smallest,
    smallestNormal: null,
    largestSubnormal: null,
    smallestSubnormal: null,
    minimumExponent: binaryExponent(smallest),
    maximumExponent: binaryExponent(largest),
    epsilon: null,
    unitRoundoff: null,
    overflowThreshold: largest,
    thresholdIsKept: true,
  };
}

/** Float32 magnitudes at which a cast to nearest loses values altogether. */
export interface CastLimits {
  /** Up to this magnitude values round to zero; 0 where the format has none. */
  readonly vanishing: number;
  /** Largest finite value of the format. */
  readonly largest: number;
  /** From this magnitude on values round beyond `largest`; infinity where no finite float32 does. */
  readonly overflowing: number;
}

export function castLimits(format: Format): CastLimits {
  const {smallest, zeros, largest, overflowThreshold, thresholdIsKept} = formatProperties(format);
  const rounded = Math.fround(overflowThreshold);
  const isKept = rounded < overflowThreshold || (rounded === overflowThreshold && thresholdIsKept);
  return {
    vanishing: zeros > 0 ? smallest / 2 : 0, // a tie, and zero has the even code
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
