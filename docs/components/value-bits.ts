import {codeBits, valueTable} from "../src/formats/decode.js";
import type {Format} from "../src/formats/format.js";

const tables = new Map<string, Float64Array>();

/** The bits of a value that the format has, from the top bit down; of formats up to 16 bits, and of fp32. */
export function valueBits(format: Format, value: number): string {
  const width = codeBits(format);
  const code =
    width === 32 ? float32Code(value) : tableOf(format).findIndex((known) => Object.is(known, value));
  return code.toString(2).padStart(width, "0");
}

function tableOf(format: Format): Float64Array {
  const known = tables.get(format.name) ?? valueTable(format);
  tables.set(format.name, known);
  return known;
}

const float32Code = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0];
