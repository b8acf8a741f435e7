/** What the topmost codes of a float format mean; see the OCP FP8 specification and ml_dtypes for the names. */
export type Specials =
  /** IEEE 754: the top exponent field holds the infinities (fraction 0) and NaN. */
  | "ieee"
  /** No infinities; NaN is all ones after the sign (OCP E4M3). */
  | "fn"
  /** Every code is a finite value (OCP FP6 and FP4). */
  | "none";

/**
 * A number format. Only these fields are stored; everything else is derived (`derived.ts`).
 * Rounding and overflow behaviour are not part of a format: libraries that share a format differ in policy.
 */
export interface FloatFormat {
  readonly kind: "float";
  /** Canonical lower-case name, for example `e4m3fn`. */
  readonly name: string;
  /** Names that other libraries use, for example `float8_e4m3fn`. */
  readonly aliases: readonly string[];
  readonly exponentBits: number;
  /** Stored fraction bits, without the implicit leading one. */
  readonly mantissaBits: number;
  readonly bias: number;
  readonly specials: Specials;
}

/** Two's complement integers of `bits` bits, step 1. */
export interface IntegerFormat {
  readonly kind: "integer";
  readonly name: string;
  readonly aliases: readonly string[];
  readonly bits: number;
}

export type Format = FloatFormat | IntegerFormat;
