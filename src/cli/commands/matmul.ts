import {type Command, InvalidArgumentError, Option} from "commander";
import {usageError} from "../../errors.js";
import type {Format} from "../../formats/format.js";
import {parseRounding, roundings} from "../../formats/rounding.js";
import {createKernels} from "../../kernels/kernels.js";
import {accumulation, integerAccumulation, orders} from "../../precision/units/accumulation.js";
import {
  accumulate,
  accumulateInRegister,
  type MatmulInput,
  matmul,
  roundAll,
} from "../../precision/units/matmul.js";
import {
  type MatrixUnit,
  matrixUnits,
  parseUnit,
  plainUnits,
  type ResultType,
  resolveUnit,
} from "../../precision/units/matrix-units.js";
import {codeBytes, operandFormat, operandValues} from "../../precision/units/operands.js";
import {readCodes} from "../read-codes.js";
import {writeFileAtomically, writeToStdout} from "../write-output.js";

interface MatmulOptions {
  unit?: string;
  a: string;
  aType: string;
  b: string;
  bType: string;
  m: number;
  k: number;
  n: number;
  c?: string;
  output: ResultType;
  accumulator?: string;
  product?: string;
  fused?: true;
  order?: (typeof orders)[number];
  block?: number;
  outer?: string;
  compensated?: true;
  promotion?: number;
  rounding?: string;
  bits?: number;
  seed?: number;
  accumulatorBits?: number;
  overflow?: "wrap" | "saturate";
}

/** Options that belong to one way of accumulating only; named as commander names their values. */
const generalOnly = [
  ...["product", "fused", "order", "block", "outer", "compensated", "rounding", "bits", "seed"],
] as const;

export function register(program: Command): void {
  program
    .command("matmul")
    .summary("multiply matrices as a tensor core does")
    .description(
      "Computes A·B + C by the arithmetic of a matrix unit, named by GPU and instruction (--unit), with an accumulator " +
        "of any format (--accumulator), or with an integer register (--accumulator-bits).\n\n" +
        "A and B are files of codes, row by row: one byte each up to 8 bits, two up to 16, little-endian; tf32 and " +
        "fp32 are float32. Here e4m3 means OCP E4M3 (e4m3fn). The result is float32. OUT appears only when it is " +
        "complete.",
    )
    .argument("[OUT]", "file to write, - or nothing for stdout")
    .option("--unit <name>", "matrix unit, see the list below")
    .requiredOption("--a <file>", "codes of A, m×k")
    .requiredOption("--a-type <format>", "format of A")
    .requiredOption("--b <file>", "codes of B, k×n")
    .requiredOption("--b-type <format>", "format of B")
    .requiredOption("--m <rows>", "rows of A", parseSize)
    .requiredOption("--k <length>", "columns of A, rows of B", parseSize)
    .requiredOption("--n <columns>", "columns of B", parseSize)
    .option("--c <file>", "float32 matrix m×n from which the sums start, instead of zero")
    .addOption(
      new Option("--output <format>", "format of the result")
        .choices(["fp32", "fp16", "bf16"])
        .default("fp32"),
    )
    .option(
      "--promotion <length>",
      "add the sum to an fp32 accumulator outside after every so many products, and start again from zero",
      parseCount,
    )
    .optionsGroup("An accumulator of any format:")
    .option("--accumulator <format>", "format of the running sum")
    .option("--product <format>", "format of the products, or `exact` (default: that of the accumulator)")
    .option("--fused", "one rounding for a·b + s: the product is exact")
    .addOption(new Option("--order <order>", "order of summation").choices(orders))
    .option(
      "--block <length>",
      "products per block of `pairwise` (a power of two) or `blocked` (default: 32)",
      parseCount,
    )
    .option("--outer <format>", "format in which `blocked` adds its blocks (default: fp32)")
    .option("--compensated", "Kahan's compensated sum")
    .option("--rounding <mode>", Object.keys(roundings).join(", "))
    .option("--bits <number>", "random bits of the stochastic roundings", parseCount)
    .option("--seed <number>", "key of the random bits", parseSeed)
    .optionsGroup("An integer register:")
    .option(
      "--accumulator-bits <number>",
      "width of the running sum of integer operands, 2 to 32",
      parseCount,
    )
    .addOption(
      new Option("--overflow <rule>", "what an addition beyond it does").choices(["wrap", "saturate"]),
    )
    .addHelpText("after", `\nUnits, their operands and what stands behind them:\n${unitList()}`)
    .action(run);
  program
    .command("units")
    .summary("list the matrix units that matmul knows")
    .option("--json", "machine-readable, with all parameters")
    .action(({json}: {json?: true}) => {
      const text = json ? JSON.stringify(matrixUnits.map(unitRecord), null, 2) : unitList();
      process.stdout.write(`${text.trimEnd()}\n`);
    });
}

async function run(output = "-", options: MatmulOptions): Promise<void> {
  const {m, k, n} = options;
  const [a, b] = [operandFormat(options.aType), operandFormat(options.bType)];
  const compute = computation(options, a, b);
  const operand = async (name: "A" | "B", path: string, format: Format, rows: number, columns: number) => {
    const what = `${name}, ${rows}×${columns} codes of ${format.name},`;
    return operandValues(
      await readCodes(path, {bytes: codeBytes(format), count: rows * columns, what}),
      format,
    );
  };
  const input: MatmulInput = {
    ...{m, k, n},
    a: await operand("A", options.a, a, m, k),
    b: await operand("B", options.b, b, k, n),
    c: options.c === undefined ? undefined : await readStart(options.c, m, n),
  };
  const results = await compute(input);
  const chunks = oneChunk(new Uint8Array(results.buffer, results.byteOffset, results.byteLength));
  if (output === "-") await writeToStdout(chunks);
  else await writeFileAtomically(output, chunks);
}

async function readStart(path: string, m: number, n: number): Promise<Float32Array> {
  const words = await readCodes(path, {bytes: 4, count: m * n, what: `C, ${m}×${n} float32 numbers,`});
  return new Float32Array(words.buffer as ArrayBuffer);
}

type Compute = (input: MatmulInput) => Promise<Float32Array>;

/** What was asked for, checked before anything is read. */
function computation(options: MatmulOptions, a: Format, b: Format): Compute {
  const ways = [
    options.unit !== undefined && "--unit",
    options.accumulator !== undefined && "--accumulator",
    options.accumulatorBits !== undefined && "--accumulator-bits",
  ].filter((way) => way !== false);
  if (ways.length !== 1) {
    const given = ways.length === 0 ? "none is given" : `${ways.join(" and ")} are given`;
    throw usageError(`matmul needs one of --unit, --accumulator and --accumulator-bits; ${given}`);
  }
  const refuse = (names: readonly string[], belongsTo: string) => {
    const misplaced = names.find((name) => options[name as keyof MatmulOptions] !== undefined);
    if (misplaced) throw usageError(`--${misplaced} goes with ${belongsTo}, not with ${ways[0]}`);
  };
  if (options.accumulatorBits === undefined) refuse(["overflow"], "--accumulator-bits");
  if (options.accumulator === undefined) refuse(generalOnly, "--accumulator");
  if (options.accumulatorBits !== undefined) {
    refuse(["promotion"], "--unit and --accumulator");
    const how = integerAccumulation(a, b, {bits: options.accumulatorBits, overflow: options.overflow});
    return async (input) => roundAll(accumulateInRegister(input, how), options.output);
  }
  return options.unit === undefined
    ? generalComputation(options)
    : unitComputation(options, options.unit, a, b);
}

function generalComputation(options: MatmulOptions): Compute {
  const {accumulator = "", product, fused, order, block, outer, compensated, promotion, bits, seed} = options;
  const rounding = options.rounding === undefined ? undefined : parseRounding(options.rounding);
  const how = accumulation({
    ...{
      accumulator,
      product,
      fused,
      order,
      blockLength: block,
      outer,
      compensated,
      promotion,
      rounding,
      bits,
      seed,
    },
  });
  return async (input) => roundAll(accumulate(await createKernels(), input, how), options.output);
}

function unitComputation({output, promotion}: MatmulOptions, name: string, a: Format, b: Format): Compute {
  const unit = parseUnit(name);
  const types = {aType: unitType(a), bType: unitType(b)};
  if (typeof unit === "string") {
    if (promotion !== undefined) throw usageError(`--promotion does not go with --unit ${unit}`);
  } else resolveUnit(unit, {a: types.aType, b: types.bType, output, promotion});
  return async (input) => matmul(await createKernels(), name, input, {...types, output, promotion});
}

/** The name that units have for a format. */
const unitType = ({name}: Format): string => (name === "e4m3fn" ? "e4m3" : name);

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A few lines for each unit: what it takes, what it gives, and whether that has been checked. */
function unitList(): string {
  const lines = matrixUnits.map((unit) => {
    const paths = unit.paths.map((path) => {
      const types = [...new Set(path.operands.map(([a, b]) => (a === b ? a : `${a} by ${b}`)))].join(", ");
      const outputs = Object.entries(path.outputs).map(([output, status]) => `${output} ${status}`);
      return `      ${types}: ${outputs.join(", ")}`;
    });
    return [`  ${unit.name}: ${unit.gpus.join(", ")}; ${unit.instruction}`, ...paths].join("\n");
  });
  const plain = Object.entries(plainUnits).map(([name, meaning]) => `  ${name}: ${meaning}; any operands`);
  return `${[...lines, ...plain].join("\n")}\n`;
}

/** JSON has no infinities: no floor is null. */
function unitRecord(unit: MatrixUnit): object {
  const {fp32, fp16} = unit.alignmentFloor;
  const orNull = (x: number) => (Number.isFinite(x) ? x : null);
  return {...unit, alignmentFloor: {fp32: orNull(fp32), fp16: orNull(fp16)}};
}

const parseSize = (text: string): number => parseInteger(text, 1, 2 ** 24);
const parseCount = (text: string): number => parseInteger(text, 0, 2 ** 30);
const parseSeed = (text: string): number => parseInteger(text, 0, 2 ** 32 - 1);

function parseInteger(text: string, least: number, largest: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= largest)) {
    throw new InvalidArgumentError(`Allowed are whole numbers from ${least} to ${largest}.`);
  }
  return value;
}
