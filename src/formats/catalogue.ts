import type {FloatFormat, IntegerFormat, Specials} from "./format.js";

/** Named formats, widest first. Aliases are the names of IEEE 754, OCP, ml_dtypes and PyTorch. */
export const floatCatalogue: readonly FloatFormat[] = [
  float(8, 23, "ieee", "fp32", "float32", "binary32", "single"),
  float(8, 10, "ieee", "tf32", "tensorfloat32", "tensorfloat-32"),
  float(8, 7, "ieee", "bf16", "bfloat16"),
  float(5, 10, "ieee", "fp16", "float16", "binary16", "half"),
  float(5, 2, "ieee", "e5m2", "float8_e5m2"),
  float(4, 3, "fn", "e4m3fn", "float8_e4m3fn"),
  float(4, 3, "ieee", "e4m3", "float8_e4m3"),
  float(3, 4, "ieee", "e3m4", "float8_e3m4"),
  float(3, 2, "none", "e3m2", "float6_e3m2fn"),
  float(2, 3, "none", "e2m3", "float6_e2m3fn"),
  float(2, 1, "none", "e2m1", "float4_e2m1fn", "fp4"),
];

/** int16 to int2. */
export const integerCatalogue: readonly IntegerFormat[] = Array.from({length: 15}, (_, i) => integer(16 - i));

export const catalogue = [...floatCatalogue, ...integerCatalogue] as const;

/** A float with the bias of IEEE 754, 2^(exponentBits - 1) - 1. */
export function float(
  exponentBits: number,
  mantissaBits: number,
  specials: Specials,
  name: string,
  ...aliases: string[]
): FloatFormat {
  const bias = (1 << (exponentBits - 1)) - 1;
  return {kind: "float", name, aliases, exponentBits, mantissaBits, bias, specials};
}

function integer(bits: number): IntegerFormat {
  return {kind: "integer", name: `int${bits}`, aliases: [], bits};
}
