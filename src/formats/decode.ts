import {usageError} from "../errors.js";
import type {FloatFormat, Format} from "./format.js";
import {powerOfTwo} from "./power-of-two.js";

/** Widest code for which a table of all values is made. */
const largestTableBits = 16;

/** Width of a code of the format. */
export function codeBits(format: Format): number {
  return format.kind === "integer" ? format.bits : 1 + format.exponentBits + format.mantissaBits;
}

/** How many codes, of both signs together, mean no finite value. */
export function specialCodes({specials, mantissaBits}: FloatFormat): {infinities: number; nans: number} {
  if (specials === "ieee") return {infinities: 2, nans: 2 * (powerOfTwo(mantissaBits) - 1)};
  return {infinities: 0, nans: specials === "fn" ? 2 : 0};
}

/** Code of the largest finite value. Magnitudes grow with the code up to here; special codes come after. */
export function largestCode(format: FloatFormat): number {
  const {infinities, nans} = specialCodes(format);
  return powerOfTwo(codeBits(format) - 1) - 1 - (infinities + nans) / 2;
}

/**
 * The value of a code, an exact double.
 * @param code an integer from 0 to 2^bits - 1
 * @throws a usage error for any other
 */
export function decode(format: Format, code: number): number {
  const codes = powerOfTwo(codeBits(format));
  if (!Number.isInteger(code) || code < 0 || code >= codes) {
    throw usageError(`${code} is not a code of ${format.name}; codes go from 0 to ${codes - 1}`);
  }
  const half = codes / 2;
  if (format.kind === "integer") return code < half ? code : code - codes;
  return code < half ? decodeMagnitude(format, code) : -decodeMagnitude(format, code - half);
}

/** The value of a code without its sign. */
export function decodeMagnitude(format: FloatFormat, code: number): number {
  const {mantissaBits, bias} = format;
  const largest = largestCode(format);
  if (code > largest) {
    return specialCodes(format).infinities > 0 && code === largest + 1
      ? Number.POSITIVE_INFINITY
      : Number.NaN;
  }
  const binade = powerOfTwo(mantissaBits);
  const exponent = Math.floor(code / binade);
  const fraction = code % binade;
  if (exponent === 0) return fraction * powerOfTwo(1 - bias - mantissaBits);
  return (binade + fraction) * powerOfTwo(exponent - bias - mantissaBits);
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
