import {codeBits, decode} from "../src/formats/decode.js";
import type {Format} from "../src/formats/format.js";
import {bitsOf} from "./code-bits.js";
import {type CodeClass, codeClass} from "./code-class.js";

/** One finite value of a format of at most 8 bits. */
export interface LineValue {
  readonly format: string;
  readonly code: number;
  readonly bits: string;
  readonly value: number;
  readonly kind: CodeClass;
  /** Whether the other formats of the line have it too. */
  readonly isShared: boolean;
}

/** Every finite value of some formats of at most 8 bits, in ascending order, of two zeros only the positive one. */
export function lineValues(formats: readonly Format[]): LineValue[] {
  const sets = formats.map((format) => new Set(finiteValues(format).map(({value}) => value)));
  return formats.flatMap((format) =>
    finiteValues(format).map(({code, value}) => {
      const bits = bitsOf(code, codeBits(format));
      const isShared = formats.length > 1 && sets.every((set) => set.has(value));
      return {format: format.name, code, bits, value, kind: codeClass(format, bits), isShared};
    }),
  );
}

function finiteValues(format: Format): {code: number; value: number}[] {
  const codes = Array.from({length: 2 ** codeBits(format)}, (_, code) => ({
    code,
    value: decode(format, code),
  }));
  return codes
    .filter(({value}) => Number.isFinite(value) && !Object.is(value, -0))
    .sort((a, b) => a.value - b.value);
}
