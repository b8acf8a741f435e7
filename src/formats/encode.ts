import {usageError} from "../errors.js";
import {codeBits, largestCode, largestCodeBits, lowestExponent, specialCodes} from "./decode.js";
import type {FloatFormat, Format, IntegerFormat} from "./format.js";
import {binaryExponent, powerOfTwo} from "./power-of-two.js";

/**
 * The code of a value that the format has; `castValue` brings others onto its grid. NaN gets the code of a positive quiet
 * NaN, or the only one there is, and -0 that of 0 where zero has no sign.
 *
 * @throws a usage error for a value without a code, and for formats wider than 32 bits
 */
export function encode(format: Format, value: number): number {
  const bits = codeBits(format);
  if (bits > largestCodeBits) {
    throw usageError(`${format.name} has ${bits} bits; values are encoded up to ${largestCodeBits}`);
  }
  const code = codeOf(format, value);
  if (code === undefined) throw usageError(`${value} has no code in ${format.name}`);
  return code;
}

function codeOf(format: Format, value: number): number | undefined {
  switch (format.kind) {
    case "float":
      return floatCode(format, value);
    case "integer":
      return integerCode(format, value);
    case "codebook": {
      const code = format.values.indexOf(value); // which takes -0 for 0
      return code < 0 ? undefined : code;
    }
  }
}

function floatCode(format: FloatFormat, value: number): number | undefined {
  if (Number.isNaN(value)) return nanCode(format);
  if (value === 0 && format.zero === "unsigned") return 0;
  const isNegative = value < 0 || Object.is(value, -0);
  if (isNegative && !format.signed) return undefined;
  const magnitude = magnitudeCode(format, Math.abs(value));
  if (magnitude === undefined) return undefined;
  const firstNegative = powerOfTwo(codeBits(format) - 1);
  return isNegative ? firstNegative + magnitude : magnitude;
}

function nanCode(format: FloatFormat): number | undefined {
  const {signed, specials, mantissaBits} = format;
  if (specialCodes(format).nans === 0) return undefined;
  const codes = powerOfTwo(codeBits(format));
  const firstNegative = signed ? codes / 2 : codes;
  if (specials === "ieee") return largestCode(format) + 1 + powerOfTwo(mantissaBits - 1);
  return specials === "fn" || !signed ? firstNegative - 1 : firstNegative;
}

function magnitudeCode(format: FloatFormat, magnitude: number): number | undefined {
  const {mantissaBits, bias, subnormals, zero} = format;
  if (magnitude === 0) return zero === "none" ? undefined : 0;
  if (magnitude === Number.POSITIVE_INFINITY) {
    return specialCodes(format).infinities > 0 ? largestCode(format) + 1 : undefined;
  }
  const exponent = Math.max(binaryExponent(magnitude), lowestExponent(format));
  const steps = magnitude / powerOfTwo(exponent - mantissaBits);
  // Exponent field 0 has no leading one, which elsewhere counts as one more in the field: 2^mantissaBits steps.
  const code = steps + (exponent + bias - 1) * powerOfTwo(mantissaBits);
  const isCode = Number.isInteger(code) && code <= largestCode(format) && (code > 0 || zero === "none");
  return isCode && code >= 0 && (subnormals || steps >= powerOfTwo(mantissaBits)) ? code : undefined;
}

function integerCode({bits, fractionBits, signed}: IntegerFormat, value: number): number | undefined {
  const integer = value * powerOfTwo(fractionBits);
  const codes = powerOfTwo(bits);
  const lowest = signed ? -codes / 2 : 0;
  if (!Number.isInteger(integer) || integer < lowest || integer >= lowest + codes) return undefined;
  return integer < 0 ? integer + codes : integer + 0;
}

/** Whether the format has the value. */
export function hasValue(format: Format, value: number): boolean {
  return codeOf(format, value) !== undefined;
}
