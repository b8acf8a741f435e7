import {codeBits, decode} from "../src/formats/decode.js";
import {encode, hasValue} from "../src/formats/encode.js";
import type {Format} from "../src/formats/format.js";

/** Codes up to this width are numbers; the wider ones of fp64 only exist as bits. */
const numericBits = 32;

/** A code as zeros and ones, from the top bit down. */
export const bitsOf = (code: number | bigint, width: number): string => code.toString(2).padStart(width, "0");

/** The bits of a value that the format has. */
export function encodeBits(format: Format, value: number): string {
  const width = codeBits(format);
  if (width <= numericBits) return bitsOf(encode(format, value), width);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return bitsOf(view.getBigUint64(0), width);
}

/** The value of a code given as bits. */
export function decodeBits(format: Format, bits: string): number {
  if (bits.length <= numericBits) return decode(format, Number.parseInt(bits, 2));
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0b${bits}`));
  return view.getFloat64(0);
}

/** "0x1d": a code as programs write it. */
export const hexCode = (bits: string): string =>
  `0x${BigInt(`0b${bits}`)
    .toString(16)
    .padStart(Math.ceil(bits.length / 4), "0")}`;

/** Whether a number is a value of the format. */
export const isValueOf = (format: Format, x: number): boolean =>
  codeBits(format) > numericBits || hasValue(format, x);
