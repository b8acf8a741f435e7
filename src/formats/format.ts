/** What the topmost codes of a float format mean. The first four names follow ml_dtypes, the last two IEEE P3109. */
export type Specials =
  /** IEEE 754: the top exponent field holds the infinities (fraction 0) and NaN (any other). */
  | "ieee"
  /** No infinities; NaN is all ones after the sign (OCP E4M3, E8M0). */
  | "fn"
  /** No infinities; the one NaN has the code that would be -0. */
  | "fnuz"
  /** Every code is a finite value (OCP FP6 and FP4). */
  | "none"
  /** P3109 extended: infinity is the topmost code of each sign; NaN is the code of -0, or if unsigned all ones. */
  | "extended"
  /** P3109 finite: no infinities; NaN is the code of -0, or if unsigned all ones. */
  | "finite";

/**
 * A binary float: sign, exponent field, fraction, from the top bit down.
 *
 * Only these fields are stored; everything else is derived from them (`derived.ts`). Rounding and overflow are not
 * part of a format but of a policy (`policy.ts`), because libraries that share a format differ there.
 */
export interface FloatFormat {
  readonly kind: "float";
  /** Canonical lower-case name, for example `e4m3fn`. */
  readonly name: string;
  /** Names that other libraries use, for example `float8_e4m3fn`. */
  readonly aliases: readonly string[];
  /** Whether the top bit is a sign. */
  readonly signed: boolean;
  /** 0 makes a uniform grid of m · 2^(1 - bias - mantissaBits). */
  readonly exponentBits: number;
  /** Stored fraction bits, without the implicit leading one; at least 0. */
  readonly mantissaBits: number;
  /** Subtracted from the exponent field; any integer. */
  readonly bias: number;
  readonly specials: Specials;
  /** `signed` where -0 has a code of its own; `none` where code 0 is a power of two (E8M0). */
  readonly zero: "signed" | "unsigned" | "none";
  /** Without subnormals the exponent field 0 is one more normal binade; its first code is zero, if there is one. */
  readonly subnormals: boolean;
}

/** Fixed point: two's complement or unsigned integers times 2^-fractionBits. */
export interface IntegerFormat {
  readonly kind: "integer";
  readonly name: string;
  readonly aliases: readonly string[];
  /** Width with the sign, from 2 to 16. */
  readonly bits: number;
  /** Bits after the binary point; 0 for integers. */
  readonly fractionBits: number;
  readonly signed: boolean;
  /** Whether casts leave out the most negative code, whose negative has none. */
  readonly symmetric: boolean;
}

/** A list of values. */
export interface CodebookFormat {
  readonly kind: "codebook";
  readonly name: string;
  readonly aliases: readonly string[];
  /** Width of a code. */
  readonly bits: number;
  /** 2^bits values, ascending; the code is the index. Zero is among them. */
  readonly values: readonly number[];
}

export type Format = FloatFormat | IntegerFormat | CodebookFormat;
