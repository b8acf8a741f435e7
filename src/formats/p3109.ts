import {usageError} from "../errors.js";
import type {FloatFormat} from "./format.js";

/**
 * A format of the IEEE P3109 interim report: `binary{K}p{p}` with width K and precision p, then `s` or `u` for signed or
 * unsigned and `e` or `f` for extended (with infinities) or finite; `se` may be left out. gfloat writes `p3109_k8p3se`.
 *
 * @returns undefined where the name is no such name
 * @throws a usage error for widths and precisions that do not exist or reach beyond double precision
 */
export function parseP3109(key: string): FloatFormat | undefined {
  const match = /^(?:binary|p3109_k)(\d+)p(\d+)([su])?([ef])?$/.exec(key);
  if (!match) return undefined;
  const [, bits, precision, sign = "s", domain = "e"] = match;
  return p3109(Number(bits), Number(precision), {signed: sign === "s", extended: domain === "e"});
}

/** @param precision significant bits, the implicit one included */
export function p3109(
  bits: number,
  precision: number,
  {signed, extended}: {signed: boolean; extended: boolean},
): FloatFormat {
  const letters = `${signed ? "s" : "u"}${extended ? "e" : "f"}`;
  const name = `binary${bits}p${precision}${letters}`;
  const exponentBits = signed ? bits - precision : bits - precision + 1;
  checkP3109(name, bits, precision, {signed, extended});
  return {
    kind: "float",
    name,
    aliases: [
      `p3109_k${bits}p${precision}${letters}`,
      ...(letters === "se" ? [`binary${bits}p${precision}`] : []),
    ],
    signed,
    exponentBits,
    mantissaBits: precision - 1,
    bias: 1 << (exponentBits - 1),
    specials: extended ? "extended" : "finite",
    zero: "unsigned",
    subnormals: true,
  };
}

function checkP3109(
  name: string,
  bits: number,
  precision: number,
  {signed, extended}: {signed: boolean; extended: boolean},
): void {
  if (bits < 3 || bits > 16) {
    throw usageError(`impossible format "${name}": P3109 formats have 3 to 16 bits here`);
  }
  // Exponents need a bit; where only infinity and NaN are left of it, one more.
  const largestPrecision = signed ? bits - 1 : bits;
  if (precision < 1 || precision > largestPrecision) {
    throw usageError(
      `impossible format "${name}": with ${bits} bits the precision is from 1 to ${largestPrecision}`,
    );
  }
  // Exponent fields of 12 bits and more reach beyond double precision, whose exponents have 11.
  const smallestPrecision = Math.max(1, (signed ? bits : bits + 1) - 11);
  if (precision < smallestPrecision) {
    throw usageError(
      `format ${name} holds values beyond double precision, in which Bitscape computes; ` +
        `with ${bits} bits ${extended ? "" : "finite "}precisions start at ${smallestPrecision}`,
    );
  }
}
