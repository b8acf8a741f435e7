import type {UnitArithmetic} from "../src/kernels/reference/unit-gemm.js";
import {
  type MatrixUnit,
  type OperandType,
  parseUnit,
  resolveUnit,
} from "../src/precision/units/matrix-units.js";

/** A unit that adds up the small sum, by the name that the race gives it. */
export interface SumUnit {
  readonly racer: string;
  readonly arithmetic: UnitArithmetic;
}

/** The units of the small sum, from the narrowest; those without 8-bit operands take E4M3 numbers as fp16. */
export const sumUnits: readonly SumUnit[] = [
  sumUnit("h100-cublaslt-fast fp8", "e4m3"),
  sumUnit("h100-cublaslt fp8", "e4m3"),
  sumUnit("ada-mma fp8", "e4m3"),
  sumUnit("b200-mma fp8", "e4m3"),
  sumUnit("v100-mma fp16", "fp16"),
  sumUnit("a100-mma fp16", "fp16"),
  sumUnit("h100-wgmma fp16", "fp16"),
];

/** Bits that a unit keeps below the largest exponent of FP8 products. */
export const keptBits = (name: string): number => arithmeticOf(name, "e4m3").fractionBits;

function sumUnit(racer: string, operands: OperandType): SumUnit {
  return {racer, arithmetic: arithmeticOf(racer.split(" ")[0], operands)};
}

function arithmeticOf(name: string, operands: OperandType): UnitArithmetic {
  return resolveUnit(parseUnit(name) as MatrixUnit, {a: operands, b: operands}).arithmetic;
}
