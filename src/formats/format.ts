/** What the topmost codes of a float format mean. The names follow ml_dtypes. */
export type Specials =
  /** IEEE 754: the top exponent field holds the infinities (fraction 0) and NaN (any other). */
  | "ieee"
  /** No infinities; NaN is all ones after the sign (OCP E4M3). */
  | "fn"
  /** Every code is a finite value (OCP FP6 and FP4). */
  | "none";

/**
 * A signed binary float with subnormals: sign, exponent field, fraction, from the top bit down.
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
  /** At least 1. */
  readonly exponentBits: number;
  /** Stored fraction bits, without the implicit leading one; at least 0. */
  readonly mantissaBits: number;
  /** Subtracted from the exponent field; any integer. */
  readonly bias: number;
  readonly specials: Specials;
}

/** Two's complement integers with step 1. */
export interface IntegerFormat {
  readonly kind: "integer";
  readonly name: string;
  readonly aliases: readonly string[];
  /** Width with the sign, from 2 to 16. */
  readonly bits: number;
}

export type Format = FloatFormat | IntegerFormat;
