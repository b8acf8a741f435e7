import {nearestName, usageError} from "../../errors.js";
import type {UnitArithmetic, UnitOutput} from "../../kernels/reference/unit-gemm.js";

/** Operand formats of matrix units; here `e4m3` is OCP E4M3, elsewhere called e4m3fn. */
export const operandTypes = ["fp16", "bf16", "tf32", "e4m3", "e5m2"] as const;
export type OperandType = (typeof operandTypes)[number];

/** Formats of a result. */
export type ResultType = "fp32" | "fp16" | "bf16";

/** What stands behind a model. */
export type UnitStatus =
  /** Reproduces recordings published by the MATLAB-tensor-core project, and those of this project where there are any. */
  | "agrees with recordings"
  /** Reproduces recordings made for this project on an NVIDIA H100 and an H200. */
  | "measured"
  /** From a description, or by analogy. */
  | "unverified";

/** The arithmetic of a unit for one family of operands. */
export interface UnitPath {
  /** Formats of A and B, in pairs. */
  readonly operands: readonly (readonly [OperandType, OperandType])[];
  readonly groupSize: number;
  readonly fractionBits: number;
  /** Significant bits that an fp32 result keeps. */
  readonly significantBits: 24 | 14;
  readonly promotion?: number;
  readonly interleaved?: boolean;
  /** The formats of results. A unit without fp16 accumulators may still round its fp32 results once: `epilogue`. */
  readonly outputs: Readonly<Partial<Record<ResultType, UnitStatus>>>;
  readonly epilogue?: true;
}

/** A matrix unit, named by GPU and instruction: on one GPU, different instructions compute differently. */
export interface MatrixUnit {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly gpus: readonly string[];
  /** The instruction, or the library and how it is called. */
  readonly instruction: string;
  /**
   * Lowest exponent to which terms are aligned, for results in fp32 and fp16, after the published models. No recording
   * is known in which it matters.
   */
  readonly alignmentFloor: {readonly fp32: number; readonly fp16: number};
  readonly paths: readonly UnitPath[];
}

const none = Number.NEGATIVE_INFINITY;
const hopperFloor = {fp32: -133, fp16: -21};
const ampereFloor = {fp32: -132, fp16: -20};

const same = (...types: OperandType[]) => types.map((type) => [type, type] as const);
const fp8Pairs = (["e4m3", "e5m2"] as const).flatMap((a) =>
  (["e4m3", "e5m2"] as const).map((b) => [a, b] as const),
);
/** cuBLASLt offers no product of two E5M2 matrices. */
const libraryPairs = fp8Pairs.filter(([a, b]) => a === "e4m3" || b === "e4m3");

type Outputs = UnitPath["outputs"];

/** fp16, bf16 and tf32 as all units from Volta on compute them; they differ in numbers only. */
function wide(
  types: readonly OperandType[],
  groupSize: number,
  fractionBits: number,
  outputs: Outputs,
): UnitPath {
  return {operands: same(...types), groupSize, fractionBits, significantBits: 24, outputs};
}

/** FP8 through `mma.sync` on Hopper and Blackwell: two interleaved groups of 16, then one addition of C. */
const interleaved = (outputs: Outputs): UnitPath => ({
  operands: fp8Pairs,
  groupSize: 16,
  fractionBits: 25,
  significantBits: 24,
  promotion: 32,
  interleaved: true,
  outputs,
});

const agrees = "agrees with recordings";
const measured = "measured";

/** All models, oldest GPU first. */
export const matrixUnits: readonly MatrixUnit[] = [
  {
    name: "v100-mma",
    aliases: [],
    gpus: ["V100"],
    instruction: "mma",
    alignmentFloor: {fp32: none, fp16: -19},
    paths: [wide(["fp16"], 4, 23, {fp32: agrees, fp16: agrees})],
  },
  {
    name: "a100-mma",
    aliases: ["a2-mma"],
    gpus: ["A100", "A2"],
    instruction: "mma",
    alignmentFloor: ampereFloor,
    paths: [
      wide(["fp16"], 8, 24, {fp32: agrees, fp16: agrees}),
      wide(["bf16"], 8, 24, {fp32: agrees}),
      wide(["tf32"], 4, 24, {fp32: agrees}),
    ],
  },
  {
    name: "ada-mma",
    aliases: ["l40s-mma"],
    gpus: ["RTX 1000 Ada", "L40S"],
    instruction: "mma",
    alignmentFloor: ampereFloor,
    paths: [
      wide(["fp16"], 8, 24, {fp32: agrees, fp16: agrees}),
      wide(["bf16"], 8, 24, {fp32: agrees}),
      wide(["tf32"], 4, 24, {fp32: agrees}),
      {
        operands: fp8Pairs,
        groupSize: 16,
        fractionBits: 13,
        significantBits: 14,
        outputs: {fp32: agrees, fp16: agrees},
      },
    ],
  },
  {
    name: "h100-wgmma",
    aliases: ["h200-wgmma"],
    gpus: ["H100", "H200"],
    instruction: "wgmma",
    alignmentFloor: hopperFloor,
    paths: [
      wide(["fp16"], 16, 25, {fp32: measured, fp16: measured}),
      wide(["bf16"], 16, 25, {fp32: measured}),
      wide(["tf32"], 8, 25, {fp32: measured}),
      {
        operands: fp8Pairs,
        groupSize: 32,
        fractionBits: 13,
        significantBits: 14,
        outputs: {fp32: agrees, fp16: measured},
      },
    ],
  },
  {
    name: "h100-mma",
    aliases: ["h200-mma"],
    gpus: ["H100", "H200"],
    instruction: "mma.sync",
    alignmentFloor: hopperFloor,
    paths: [
      wide(["fp16"], 16, 25, {fp32: agrees, fp16: agrees}),
      wide(["bf16"], 16, 25, {fp32: agrees}),
      wide(["tf32"], 8, 25, {fp32: agrees}),
      interleaved({fp32: measured, fp16: agrees}),
    ],
  },
  {
    name: "h100-cublaslt",
    aliases: ["h200-cublaslt"],
    gpus: ["H100", "H200"],
    instruction: "cuBLASLt, default accumulation: wgmma, promoted to fp32 every 128 elements",
    alignmentFloor: hopperFloor,
    paths: [
      {
        operands: libraryPairs,
        groupSize: 32,
        fractionBits: 13,
        significantBits: 14,
        promotion: 128,
        outputs: {fp32: measured, fp16: measured, bf16: measured},
        epilogue: true,
      },
    ],
  },
  {
    name: "h100-cublaslt-fast",
    aliases: ["h200-cublaslt-fast"],
    gpus: ["H100", "H200"],
    instruction: "cuBLASLt, fast accumulation: wgmma throughout",
    alignmentFloor: hopperFloor,
    paths: [
      {
        operands: libraryPairs,
        groupSize: 32,
        fractionBits: 13,
        significantBits: 14,
        outputs: {fp32: measured, fp16: measured, bf16: measured},
        epilogue: true,
      },
    ],
  },
  {
    name: "b200-mma",
    aliases: [],
    gpus: ["B200"],
    instruction: "mma.sync",
    alignmentFloor: hopperFloor,
    paths: [
      wide(["fp16"], 16, 25, {fp32: agrees, fp16: agrees}),
      wide(["bf16"], 16, 25, {fp32: agrees}),
      wide(["tf32"], 8, 25, {fp32: agrees}),
      interleaved({fp32: agrees, fp16: agrees}),
    ],
  },
];

/** Not a GPU: what to compare them with. They take operands of any format. */
export const plainUnits = {
  exact: "the exact sum of C and all products, rounded once",
  fp32: "multiplication and addition in float32, in the order of K, starting from C",
} as const;
export type PlainUnitName = keyof typeof plainUnits;

export const unitNames: readonly string[] = [
  ...matrixUnits.map(({name}) => name),
  ...Object.keys(plainUnits),
];

/**
 * The unit of a name or alias, whatever its case.
 * @throws a usage error that names the likely unit and lists all
 */
export function parseUnit(name: string): MatrixUnit | PlainUnitName {
  const key = name.trim().toLowerCase();
  if (Object.hasOwn(plainUnits, key)) return key as PlainUnitName;
  const unit = matrixUnits.find((unit) => unit.name === key || unit.aliases.includes(key));
  if (unit) return unit;
  const nearest = nearestName(key, unitNames);
  throw usageError(
    `unknown unit "${name}": ${nearest ? `did you mean ${nearest}? ` : ""}known: ${unitNames.join(", ")}`,
  );
}

export interface UnitQuery {
  readonly a: OperandType | string;
  readonly b: OperandType | string;
  readonly output?: ResultType;
  /** Overrides the interval after which the sum leaves the unit, as a kernel around it may; 0 for never. */
  readonly promotion?: number;
}

/** A unit made ready for given operands and results. */
export interface ResolvedUnit {
  readonly arithmetic: UnitArithmetic;
  /** What the finished results are rounded to, to nearest even; `fp32` leaves them as they are. */
  readonly epilogue: ResultType;
  readonly status: UnitStatus;
}

/** Exponent of the smallest normal value, and stored fraction bits. */
const operandProperties: Readonly<Record<OperandType, {minimumExponent: number; fractionBits: number}>> = {
  fp16: {minimumExponent: -14, fractionBits: 10},
  bf16: {minimumExponent: -126, fractionBits: 7},
  tf32: {minimumExponent: -126, fractionBits: 10},
  e4m3: {minimumExponent: -6, fractionBits: 3},
  e5m2: {minimumExponent: -14, fractionBits: 2},
};

/**
 * What a unit computes for given operand formats.
 * @throws a usage error that lists what the unit offers
 */
export function resolveUnit(unit: MatrixUnit, {a, b, output = "fp32", promotion}: UnitQuery): ResolvedUnit {
  const path = unit.paths.find(({operands}) => operands.some(([x, y]) => x === a && y === b));
  if (!path) {
    throw usageError(`${unit.name} does not multiply ${a} by ${b}; it takes ${describeOperands(unit)}`);
  }
  const status = path.outputs[output];
  if (!status) {
    const offered = Object.keys(path.outputs).join(" or ");
    throw usageError(`${unit.name} has no ${output} output for ${a} by ${b}; it has ${offered}`);
  }
  const inUnit = path.epilogue ? "fp32" : output;
  const unitOutput: UnitOutput =
    inUnit === "fp16" ? "fp16" : path.significantBits === 14 ? "fp32-14" : "fp32";
  const [operandA, operandB] = [a, b].map((type) => operandProperties[type as OperandType]);
  return {
    arithmetic: {
      groupSize: path.groupSize,
      fractionBits: path.fractionBits,
      output: unitOutput,
      alignmentFloor: unit.alignmentFloor[inUnit === "fp16" ? "fp16" : "fp32"],
      minimumExponentA: operandA.minimumExponent,
      minimumExponentB: operandB.minimumExponent,
      productBits: operandA.fractionBits + operandB.fractionBits,
      promotion: promotionOf(unit, path, promotion),
      interleaved: path.interleaved ?? false,
    },
    epilogue: path.epilogue ? output : "fp32",
    status,
  };
}

function promotionOf(unit: MatrixUnit, path: UnitPath, asked?: number): number {
  if (asked === undefined) return path.promotion ?? 0;
  if (path.interleaved) {
    throw usageError(`${unit.name} adds every ${path.promotion} products to C outside the unit already`);
  }
  if (!Number.isInteger(asked) || asked < 0 || asked % path.groupSize !== 0) {
    throw usageError(
      `a promotion interval of ${asked} does not suit ${unit.name}: it has to be a multiple of its ` +
        `${path.groupSize} products, or 0 for none`,
    );
  }
  return asked;
}

/** The operand pairs of a unit in words, for example `fp16 by fp16, e4m3 by e5m2`. */
export function describeOperands(unit: MatrixUnit): string {
  return unit.paths.flatMap(({operands}) => operands.map(([a, b]) => `${a} by ${b}`)).join(", ");
}
