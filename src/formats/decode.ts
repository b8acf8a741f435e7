import {usageError} from "../errors.js";
import type {FloatFormat, Format, IntegerFormat} from "./format.js";
import {powerOfTwo} from "./power-of-two.js";

/** Widest code for which a table of all values is made. */
const largestTableBits = 16;

/** Widest code that numbers hold exactly. */
export const largestCodeBits = 32;

/** Width of a code of the format. */
export function codeBits(format: Format): number {
  return format.kind === "float" ? magnitudeBits(format) + (format.signed ? 1 : 0) : format.bits;
}

const magnitudeBits = ({exponentBits, mantissaBits}: FloatFormat): number => exponentBits + mantissaBits;

/** How many codes mean no finite value, of both signs together. */
export function specialCodes(format: FloatFormat): {infinities: number; nans: number} {
  const {infinities, nans, nanAtNegativeZero} = specialMagnitudes(format);
  const signs = format.signed ? 2 : 1;
  return {infinities: signs * infinities, nans: signs * nans + (nanAtNegativeZero ? 1 : 0)};
}

/** The special codes of one sign, which lie at its top, infinity first; and whether the code of -0 is NaN. */
function specialMagnitudes({specials, signed, mantissaBits}: FloatFormat): {
  infinities: number;
  nans: number;
  nanAtNegativeZero: boolean;
} {
  const atTop = (infinities: number, nans: number) => ({infinities, nans, nanAtNegativeZero: false});
  switch (specials) {
    case "ieee":
      return atTop(1, powerOfTwo(mantissaBits) - 1);
    case "fn":
      return atTop(0, 1);
    case "none":
      return atTop(0, 0);
    default: {
      const infinities = specials === "extended" ? 1 : 0;
      return signed ? {infinities, nans: 0, nanAtNegativeZero: true} : atTop(infinities, 1);
    }
  }
}

/** Code of the largest finite value. Magnitudes grow with the code up to here; special codes come after. */
export function largestCode(format: FloatFormat): number {
  const {infinities, nans} = specialMagnitudes(format);
  return powerOfTwo(magnitudeBits(format)) - 1 - infinities - nans;
}

/** Exponent of the lowest binade that has the full precision; below it, and in it, the spacing is the smallest. */
export function lowestExponent({bias, subnormals}: FloatFormat): number {
  return subnormals ? 1 - bias : -bias;
}

/**
 * The value of a code, an exact double.
 * @param code an integer from 0 to 2^bits - 1
 * @throws a usage error for any other, and for formats wider than 32 bits
 */
export function decode(format: Format, code: number): number {
  const bits = codeBits(format);
  if (bits > largestCodeBits) {
    throw usageError(`${format.name} has ${bits} bits; codes are decoded up to ${largestCodeBits}`);
  }
  const codes = powerOfTwo(bits);
  if (!Number.isInteger(code) || code < 0 || code >= codes) {
    throw usageError(`${code} is not a code of ${format.name}; codes go from 0 to ${codes - 1}`);
  }
  if (format.kind === "codebook") return format.values[code];
  return format.kind === "integer" ? decodeInteger(format, code) : decodeFloat(format, code);
}

function decodeInteger({bits, fractionBits, signed}: IntegerFormat, code: number): number {
  const codes = powerOfTwo(bits);
  const integer = signed && code >= codes / 2 ? code - codes : code;
  return integer * powerOfTwo(-fractionBits);
}

function decodeFloat(format: FloatFormat, code: number): number {
  const firstNegative = powerOfTwo(magnitudeBits(format));
  if (code < firstNegative) return decodeMagnitude(format, code);
  if (code === firstNegative && specialMagnitudes(format).nanAtNegativeZero) return Number.NaN;
  return -decodeMagnitude(format, code - firstNegative);
}

/** The value of a code without its sign. */
export function decodeMagnitude(format: FloatFormat, code: number): number {
  const {mantissaBits, bias, zero, subnormals} = format;
  const largest = largestCode(format);
  if (code > largest) {
    return specialMagnitudes(format).infinities > 0 && code === largest + 1
      ? Number.POSITIVE_INFINITY
      : Number.NaN;
  }
  if (code === 0 && zero !== "none") return 0;
  const binade = powerOfTwo(mantissaBits);
  const exponent = Math.floor(code / binade);
  const fraction = code % binade;
  if (exponent === 0 && subnormals) return fraction * powerOfTwo(1 - bias - mantissaBits);
  return (1 + fraction / binade) * powerOfTwo(exponent - bias);
}

/**
 * The values of all codes in order.
 * @throws a usage error for a format wider than 16 bits
 */
export function valueTable(format: Format): Float64Array {
  const bits = codeBits(format);
  if (bits > largestTableBits) {
    throw usageError(`${format.name} has ${bits} bits; value tables end at ${largestTableBits}`);
  }
  return Float64Array.from({length: powerOfTwo(bits)}, (_, code) => decode(format, code));
}
