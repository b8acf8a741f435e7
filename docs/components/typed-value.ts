import {usageError} from "../src/errors.js";

/** What somebody typed: a number, or the code of one. */
export type TypedValue =
  | {readonly kind: "number"; readonly value: number}
  | {readonly kind: "code"; readonly code: bigint};

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
const hexadecimal = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/;
const power = /^([+-]?)2\^\(?([+-]?\d+)\)?$/;
const allowed =
  "type a number such as 0.1, -3e-5, 1/3, 2^-9, 0x1.8p-4, inf or nan, or a code such as 0x7e or 0b01111110";

/**
 * Reads a number, as the double nearest to it, or a code.
 *
 * Numbers are decimal, fractions of two decimals, powers of two, hexadecimal as in C (`0x1.8p-4`), `inf` and `nan`; a `0x`
 * without exponent, or a `0b`, begins a code. Underscores and spaces are ignored, and a typographic minus is a minus.
 *
 * @throws a usage error that says what can be typed
 */
export function typedValue(text: string): TypedValue {
  const key = text.trim().toLowerCase().replaceAll("−", "-").replaceAll(/[\s_]/g, "").replace("∞", "inf");
  if (/^0x[0-9a-f]+$|^0b[01]+$/.test(key)) return {kind: "code", code: BigInt(key)};
  const value = numberOf(key);
  if (value === undefined) throw usageError(`"${text}" is neither a number nor a code: ${allowed}`);
  return {kind: "number", value};
}

function numberOf(key: string): number | undefined {
  if (decimal.test(key)) return Number(key);
  const infinity = /^([+-]?)inf(inity)?$/.exec(key);
  if (infinity) return infinity[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[+-]?nan$/.test(key)) return Number.NaN;
  const [, sign, exponent] = power.exec(key) ?? [];
  if (exponent) return signed(sign, scaled(1n, Number(exponent)));
  const [, hexSign, whole = "", fraction = "", binaryExponent] = hexadecimal.exec(key) ?? [];
  if (whole + fraction) {
    return signed(
      hexSign,
      scaled(BigInt(`0x${whole}${fraction}`), Number(binaryExponent) - 4 * fraction.length),
    );
  }
  const [numerator, denominator, ...more] = key.split("/");
  if (denominator && more.length === 0 && decimal.test(numerator) && decimal.test(denominator)) {
    return Number(numerator) / Number(denominator);
  }
  return undefined;
}

const signed = (sign: string, magnitude: number): number => (sign === "-" ? -magnitude : magnitude);

/** integer · 2^exponent, rounded once, to the nearest double with ties to even. */
function scaled(integer: bigint, exponent: number): number {
  if (integer === 0n) return 0;
  const length = integer.toString(2).length;
  const top = exponent + length - 1;
  if (top > 1100) return Number.POSITIVE_INFINITY;
  if (top < -1100) return 0;
  // Below 2^-1022 the spacing of doubles stays 2^-1074, so fewer bits than 53 are kept.
  const dropped = Math.max(length - 53, -1074 - exponent);
  if (dropped <= 0) return timesPowerOfTwo(Number(integer), exponent);
  const unit = 1n << BigInt(dropped);
  const quotient = integer / unit;
  const rest = 2n * (integer % unit);
  const isUp = rest > unit || (rest === unit && quotient % 2n === 1n);
  return timesPowerOfTwo(Number(quotient + (isUp ? 1n : 0n)), exponent + dropped);
}

/** x · 2^exponent for an integer x of at most 53 bits whose product is a double: in steps that stay exact. */
function timesPowerOfTwo(x: number, exponent: number): number {
  let product = x;
  let rest = exponent;
  for (; rest > 1000; rest -= 1000) product *= 2 ** 1000;
  for (; rest < -1000; rest += 1000) product *= 2 ** -1000;
  return product * 2 ** rest;
}
