import {usageError} from "../../errors.js";
import {codeBits, valueTable} from "../../formats/decode.js";
import type {Format} from "../../formats/format.js";
import {parseFormat} from "../../formats/parse.js";

/**
 * The format of an operand. As in the names of instructions, `e4m3` means OCP E4M3 (`e4m3fn`).
 * @throws a usage error for an unknown format, or one whose values do not all lie within float32
 */
export function operandFormat(name: string): Format {
  const key = name.trim().toLowerCase();
  const format = parseFormat(key === "e4m3" ? "e4m3fn" : key);
  const bits = codeBits(format);
  if (bits > 32 || (bits > 16 && format.name !== "tf32" && format.name !== "fp32")) {
    throw usageError(
      `${format.name} is too wide for an operand; allowed are tf32, fp32 and formats of up to 16 bits`,
    );
  }
  return format;
}

/** Bytes of a code in a file: one up to 8 bits, two up to 16; tf32 and fp32 take the four of a float32. */
export function codeBytes(format: Format): 1 | 2 | 4 {
  const bits = codeBits(format);
  return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

/**
 * The values of codes, exact in float32. A tf32 is a float32 whose lowest 13 bits are ignored, as the units do.
 * @throws a usage error for a code that is too large for the format
 */
export function operandValues(codes: ArrayLike<number>, format: Format): Float32Array {
  if (codeBytes(format) === 4) {
    const mask = format.name === "tf32" ? ~0x1fff : ~0;
    return new Float32Array(Uint32Array.from(codes, (code) => code & mask).buffer);
  }
  const table = valueTable(format);
  return Float32Array.from(codes, (code) => {
    if (code >= table.length)
      throw usageError(`${code} is not a code of ${format.name}, which has ${codeBits(format)} bits`);
    return table[code];
  });
}
