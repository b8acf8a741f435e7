import {
  type OperandType,
  parseUnit,
  type ResolvedUnit,
  type ResultType,
  resolveUnit,
} from "../src/precision/units/matrix-units.js";

/** A way to add up the products of a dot product. */
export interface Racer {
  /** Unit and operands, the name by which rows and styles know it. */
  readonly racer: string;
  /** The matrix unit; without one, `racer` is "fp32" or "exact". */
  readonly resolved?: ResolvedUnit;
}

/** Formats of the numbers that are multiplied, for A and B. */
export const operandPairs = {
  e4m3: ["e4m3", "e4m3"],
  e5m2: ["e5m2", "e4m3"],
  fp16: ["fp16", "fp16"],
  bf16: ["bf16", "bf16"],
} as const satisfies Readonly<Record<string, readonly [OperandType, OperandType]>>;
export type OperandPair = keyof typeof operandPairs;

const plain: Racer[] = [{racer: "fp32"}, {racer: "exact"}];

/** Who takes part: units that multiply the numbers as they are, and for 8-bit numbers those that take them as fp16. */
export function accumulatorRacers(operands: OperandPair): Racer[] {
  const fp16 = [unit("v100-mma", "fp16"), unit("a100-mma", "fp16"), unit("h100-wgmma", "fp16")];
  const fp16Sums = unit("h100-wgmma", "fp16", "fp16");
  if (operands === "fp16") return [fp16Sums, ...fp16, ...plain];
  if (operands === "bf16") return [unit("a100-mma", "bf16"), unit("h100-wgmma", "bf16"), ...plain];
  const narrow = ["h100-cublaslt-fast", "ada-mma", "h100-cublaslt", "b200-mma"];
  return [...narrow.map((name) => unit(name, operands)), fp16Sums, ...fp16, ...plain];
}

function unit(name: string, operands: OperandPair, output: ResultType = "fp32"): Racer {
  const [a, b] = operandPairs[operands];
  const parsed = parseUnit(name);
  if (typeof parsed === "string") throw new TypeError(`${name} is no matrix unit`);
  const family = operands === "e4m3" || operands === "e5m2" ? "fp8" : operands;
  const sums = output === "fp32" ? "" : ` ${output} sums`;
  return {racer: `${name} ${family}${sums}`, resolved: resolveUnit(parsed, {a, b, output})};
}
