import {usageError} from "../errors.js";
import {codeBits} from "../formats/decode.js";
import type {Format} from "../formats/format.js";

/** `0x7e`, with as many digits as the widest code of the format has. */
export function hexadecimal(format: Format, code: number): string {
  return `0x${code.toString(16).padStart(Math.ceil(codeBits(format) / 4), "0")}`;
}

/** The bits of a code, in a float format with sign, exponent and mantissa apart. */
export function bitFields(format: Format, code: number): string {
  const bits = code.toString(2).padStart(codeBits(format), "0");
  if (format.kind !== "float") return bits;
  const sign = format.signed ? 1 : 0;
  const mantissa = bits.length - format.mantissaBits;
  return [bits.slice(0, sign), bits.slice(sign, mantissa), bits.slice(mantissa)].filter(Boolean).join(" ");
}

/** A code in decimal, `0x…` or `0b…`. */
export function parseCode(text: string): number {
  const code = /^(0x[\da-f]+|0b[01]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(code)) {
    throw usageError(`"${text}" is no code: allowed are integers such as 126, 0x7e and 0b01111110`);
  }
  return code;
}

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
};

/** A number in decimal, as `2^-9` or `7·2^-10` (also with `*`), `inf` or `nan`, with or without a sign. */
export function parseNumber(text: string): number {
  const [, sign, rest] = /^([-+]?)(.*)$/.exec(text.trim().toLowerCase()) as RegExpExecArray;
  const power = /^(?:([\d.]+)[·*])?2\^([-+]?\d+)$/.exec(rest);
  const magnitude = Object.hasOwn(words, rest)
    ? words[rest]
    : power
      ? Number(power[1] ?? 1) * 2 ** Number(power[2])
      : decimal(rest);
  if (magnitude === undefined) {
    throw usageError(`"${text}" is no number: allowed are decimals, 2^-9, 7·2^-10, inf and nan`);
  }
  return sign === "-" ? -magnitude : magnitude;
}

function decimal(text: string): number | undefined {
  return /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}
