import {usualBias} from "../src/formats/catalogue.js";
import {codeBits} from "../src/formats/decode.js";
import type {FloatFormat, Format, Specials} from "../src/formats/format.js";
import {parseFormat} from "../src/formats/parse.js";

/** Up to this width `fn` in a name means that every code is finite; NaN at all ones is called `nan` there. */
const finiteBits = 6;

/** What of a float's record can be changed by hand. */
export interface RecordChanges {
  readonly exponentBits?: number;
  readonly mantissaBits?: number;
  readonly bias?: number;
  readonly specials?: Specials;
}

/**
 * The float that results from changing some fields of another one. A bias that was the usual one stays usual.
 * @throws a usage error where there is no such format
 */
export function changedFormat(format: FloatFormat, changes: RecordChanges): Format {
  const {signed, subnormals} = format;
  const exponentBits = changes.exponentBits ?? format.exponentBits;
  const mantissaBits = changes.mantissaBits ?? format.mantissaBits;
  const specials = changes.specials ?? format.specials;
  const wasUsual = format.bias === usualBias(format.exponentBits, format.specials);
  const bias = changes.bias ?? (wasUsual ? usualBias(exponentBits, specials) : format.bias);
  const bits = codeBits({...format, exponentBits, mantissaBits});
  const suffix = specials === "fn" && bits <= finiteBits ? "nan" : specials;
  return parseFormat(
    `${signed ? "" : "u"}e${exponentBits}m${mantissaBits}b${bias}${suffix}${subnormals ? "" : "-nosub"}`,
  );
}

/** Whether there is a format with these changes. */
export function canChange(format: FloatFormat, changes: RecordChanges): boolean {
  try {
    changedFormat(format, changes);
    return true;
  } catch {
    return false;
  }
}
