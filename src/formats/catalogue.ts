import {dynamic8, nf4, udynamic8} from "./codebooks.js";
import type {CodebookFormat, FloatFormat, IntegerFormat, Specials} from "./format.js";
import {p3109} from "./p3109.js";

/**
 * Named float formats, widest first. Aliases are the names of IEEE 754, OCP, ml_dtypes and PyTorch, ONNX, gfloat,
 * microxcaling, chop, MLIR and Triton.
 */
export const floatCatalogue: readonly FloatFormat[] = [
  named("fp64", 11, 52, "ieee", ["float64", "binary64", "double"]),
  named("fp32", 8, 23, "ieee", ["float32", "binary32", "single"]),
  named("tf32", 8, 10, "ieee", ["tensorfloat32", "tensorfloat-32"]),
  named("bf16", 8, 7, "ieee", ["bfloat16"]),
  named("fp16", 5, 10, "ieee", ["float16", "binary16", "half"]),
  named("e5m6", 5, 6, "ieee", []),
  named("e5m2", 5, 2, "ieee", eightBitNames("e5m2", ["ocp_e5m2", "fp8_e5m2", "q52", "fp8e5"])),
  named("e4m3fn", 4, 3, "fn", eightBitNames("e4m3fn", ["ocp_e4m3", "fp8_e4m3", "fp8e4nv"])),
  named("e4m3", 4, 3, "ieee", eightBitNames("e4m3", ["q43"])),
  named("e3m4", 3, 4, "ieee", eightBitNames("e3m4", [])),
  named("e5m2fnuz", 5, 2, "fnuz", eightBitNames("e5m2fnuz", ["fp8e5b16"])),
  named("e4m3fnuz", 4, 3, "fnuz", eightBitNames("e4m3fnuz", ["fp8e4b8"])),
  {...named("e4m3b11fnuz", 4, 3, "fnuz", eightBitNames("e4m3b11fnuz", [])), bias: 11},
  ...[1, 2, 3, 4, 5, 6, 7].map((precision) => p3109(8, precision, {signed: true, extended: true})),
  named("e3m2", 3, 2, "none", ["float6_e3m2fn", "ocp_e3m2", "fp6_e3m2", "f6e3m2fn"]),
  named("e2m3", 2, 3, "none", ["float6_e2m3fn", "ocp_e2m3", "fp6_e2m3", "f6e2m3fn"]),
  named("e2m1", 2, 1, "none", [
    ...["float4_e2m1fn", "ocp_e2m1", "fp4_e2m1", "fp4", "float4e2m1", "f4e2m1fn", "float4_e2m1fn_x2"],
  ]),
];

/** Unsigned formats for scales. */
export const scaleCatalogue: readonly FloatFormat[] = [
  {
    ...float("e8m0", {signed: false, exponentBits: 8, mantissaBits: 0, specials: "fn"}),
    ...{zero: "none", subnormals: false},
    aliases: eightBitNames("e8m0fnu", ["e8m0fnu", "ocp_e8m0", "ue8m0", "float8e8m0"]),
  },
  float("ue5m3", {signed: false, exponentBits: 5, mantissaBits: 3, specials: "fn"}),
  float("ue4m3", {signed: false, exponentBits: 4, mantissaBits: 3, specials: "fn"}),
  // Float32 without fraction bits: exponent field 255 is left for infinity, NaN has no code.
  float("pow2", {signed: false, exponentBits: 8, mantissaBits: 0, specials: "ieee"}),
];

/** Integers of 16 to 2 bits, signed and unsigned, and the fixed point of OCP MX. */
export const integerCatalogue: readonly IntegerFormat[] = [
  {...fixedPoint("mxint8", {bits: 8, fractionBits: 6}), aliases: ["ocp_int8", "fixed8.6"]},
  ...Array.from({length: 15}, (_, i) => fixedPoint(`int${16 - i}`, {bits: 16 - i})),
  ...Array.from({length: 15}, (_, i) => fixedPoint(`uint${16 - i}`, {bits: 16 - i, signed: false})),
];

export const codebookCatalogue: readonly CodebookFormat[] = [dynamic8, udynamic8, nf4];

export const catalogue = [
  ...floatCatalogue,
  ...scaleCatalogue,
  ...integerCatalogue,
  ...codebookCatalogue,
] as const;

interface FloatFields {
  readonly signed?: boolean;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly specials: Specials;
  readonly bias?: number;
  readonly subnormals?: boolean;
}

/** A float format with the usual bias, zero and subnormals, where they are not given. */
export function float(
  name: string,
  {signed = true, exponentBits, mantissaBits, specials, bias, subnormals = true}: FloatFields,
): FloatFormat {
  const hasNegativeZero = signed && (specials === "ieee" || specials === "fn" || specials === "none");
  return {
    kind: "float",
    name,
    aliases: [],
    signed,
    exponentBits,
    mantissaBits,
    bias: bias ?? usualBias(exponentBits, specials),
    specials,
    zero: hasNegativeZero ? "signed" : "unsigned",
    subnormals,
  };
}

/** 2^(exponentBits - 1) - 1 as in IEEE 754; one more for the formats with a NaN instead of -0, and for P3109. */
export function usualBias(exponentBits: number, specials: Specials): number {
  const half = 1 << Math.max(exponentBits - 1, 0);
  return specials === "ieee" || specials === "fn" || specials === "none" ? half - 1 : half;
}

/** Two's complement integers, or unsigned ones. */
export function fixedPoint(
  name: string,
  {
    bits,
    fractionBits = 0,
    signed = true,
    symmetric = false,
  }: {
    bits: number;
    fractionBits?: number;
    signed?: boolean;
    symmetric?: boolean;
  },
): IntegerFormat {
  return {kind: "integer", name, aliases: [], bits, fractionBits, signed, symmetric};
}

function named(
  name: string,
  exponentBits: number,
  mantissaBits: number,
  specials: Specials,
  aliases: readonly string[],
): FloatFormat {
  return {...float(name, {exponentBits, mantissaBits, specials}), aliases};
}

/** Names of an 8-bit format in ml_dtypes and PyTorch, ONNX, and MLIR. */
function eightBitNames(suffix: string, others: readonly string[]): string[] {
  return [`float8_${suffix}`, `float8${suffix}`, `f8${suffix}`, ...others];
}
