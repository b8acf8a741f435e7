import type {Format} from "../src/formats/format.js";
import {decodeBits} from "./code-bits.js";

/** What kind of value a code stands for. */
export type CodeClass = "zero" | "subnormal" | "normal" | "infinity" | "NaN" | "integer" | "table entry";

export function codeClass(format: Format, bits: string): CodeClass {
  const value = decodeBits(format, bits);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return "infinity";
  if (value === 0) return "zero";
  if (format.kind === "integer") return "integer";
  if (format.kind === "codebook") return "table entry";
  return format.subnormals && exponentField(format, bits) === 0 ? "subnormal" : "normal";
}

/** The number in the exponent field of a float's code. */
export function exponentField(
  {signed, exponentBits}: {signed: boolean; exponentBits: number},
  bits: string,
): number {
  const start = signed ? 1 : 0;
  return exponentBits === 0 ? 0 : Number.parseInt(bits.slice(start, start + exponentBits), 2);
}
