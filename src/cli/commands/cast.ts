import {type Command, InvalidArgumentError} from "commander";
import {nearestName, usageError} from "../../errors.js";
import {presets} from "../../formats/preset.js";
import {isStochastic, parseRounding, roundings} from "../../formats/rounding.js";
import {createKernels} from "../../kernels/kernels.js";
import {type BlockFormat, blockFormats, findBlockFormat} from "../../precision/block-format.js";
import {matrixQuantizer} from "../../precision/matrix-quantizer.js";
import {parseScaling} from "../../precision/parse-scaling.js";
import {type Quantizer, type QuantizerOptions, quantizer} from "../../precision/quantizer.js";
import type {Scaling} from "../../precision/scaling.js";
import {type CastPlan, castData, isReadTwice} from "../cast-data.js";
import {floatsOfFile, floatsOfStdin} from "../read-floats.js";
import {writeFileAtomically, writeToStdout} from "../write-output.js";

interface CastOptions {
  to: string;
  rounding?: string;
  bits?: number;
  seed: number;
  stream: number;
  step: number;
  firstIndex: number;
  policy?: string;
  saturate?: true;
  scale?: number | "tensor" | Scaling;
  columns?: number;
}

export function register(program: Command): void {
  program
    .command("cast")
    .summary("cast float32 data to a format and back")
    .description(
      "Reads little-endian float32 values, casts them to a format, and writes what they became as float32.\n" +
        "OUT appears only when it is complete.",
    )
    .argument("[IN]", "file to read, - or nothing for stdin")
    .argument("[OUT]", "file to write, - or nothing for stdout")
    .requiredOption(
      "--to <format>",
      "target format: see `bitscape formats`, any eXmY, or a format with scales of its own, listed below",
    )
    .option("--rounding <mode>", "see below (default: the policy's, for most nearest-even)")
    .option("--bits <number>", "random bits of a stochastic mode, 1 to 32", wholeNumber(1, 32))
    .option("--seed <number>", "of the random bits", wholeNumber(0, 0xffffffff), 0)
    .option(
      "--stream <number>",
      "another stream of random bits, as for another tensor",
      wholeNumber(0, 0xffffffff),
      0,
    )
    .option("--step <number>", "other random bits again, as for another step", wholeNumber(0, 0xffffffff), 0)
    .option(
      "--first-index <number>",
      "of the first element, where IN is a part of a tensor whose random bits go on",
      wholeNumber(0, 0xffffffff),
      0,
    )
    .option("--policy <name>", "overflow, infinity, NaN, zeros and subnormals as in a library, see below")
    .option("--saturate", "what lies beyond the largest value becomes the largest value, whatever the policy")
    .option(
      "--scale <scaling>",
      "a number, or what is scaled by its largest magnitude, see below",
      parseScale,
    )
    .option(
      "--columns <number>",
      "length of a row (default: all data are one row)",
      wholeNumber(1, 2 ** 31 - 1),
    )
    .addHelpText("after", details)
    .action(cast);
}

async function cast(input = "-", output = "-", options: CastOptions): Promise<void> {
  const plan = planOf(options);
  const {rounding} = plan.kind === "matrix" ? plan.quantizer.element : plan.element;
  if (options.bits !== undefined && !isStochastic(rounding))
    throw usageError(`--bits is for stochastic modes of --rounding, not for ${rounding}`);
  if (input === "-" && process.stdin.isTTY)
    throw usageError("cast reads binary data: name a file, or pipe it in");
  const chunks = input === "-" ? floatsOfStdin({isReadTwice: isReadTwice(plan)}) : floatsOfFile(input);
  const results = castData(await createKernels(), plan, chunks, options.firstIndex);
  if (output === "-") await writeToStdout(results);
  else await writeFileAtomically(output, results);
}

function planOf(options: CastOptions): CastPlan {
  const {to, scale, columns} = options;
  const block = findBlockFormat(to);
  if (to.trim().toLowerCase() === "s2fp8") {
    if (scale !== undefined) throw usageError("s2fp8 finds its own scale; leave out --scale");
    return {kind: "s2fp8", element: quantizer("e5m2", elementOptions(options, "ocp-saturate"))};
  }
  if (typeof scale === "object") return matrixPlan(block?.element ?? to, scale, options);
  if (block && scale === undefined) return matrixPlan(block.element, parseScaling(block.scaling), options);
  if (columns !== undefined) throw usageError("--columns matters only to scales of rows, columns and blocks");
  const element = elementQuantizer(block?.element ?? to, elementOptions(options, "default"));
  return {kind: "scaled", element, scale: scale ?? 1};
}

/** A quantizer; an unknown name may be that of a block format, misspelt. */
function elementQuantizer(to: string, options: QuantizerOptions): Quantizer {
  try {
    return quantizer(to, options);
  } catch (error) {
    const nearest = nearestName(to, ["s2fp8", ...blockFormats.map(({name}) => name)]);
    if (!nearest || !/^unknown format (?!.*did you mean)/.test((error as Error).message)) throw error;
    throw usageError(
      `unknown format "${to}": did you mean ${nearest}? see bitscape formats, and cast --help`,
    );
  }
}

function matrixPlan(element: string, scaling: Scaling, options: CastOptions): CastPlan {
  const target = matrixQuantizer(element, scaling, elementOptions(options, "ocp-saturate"));
  return {kind: "matrix", quantizer: target, columns: options.columns};
}

function elementOptions(
  {rounding, bits, seed, stream, step, policy, saturate}: CastOptions,
  defaultPolicy: "default" | "ocp-saturate",
): QuantizerOptions {
  return {
    rounding: rounding === undefined ? undefined : parseRounding(rounding),
    bits,
    random: {seed, stream, step},
    policy: (policy ?? defaultPolicy) as QuantizerOptions["policy"], // names are checked where they are read
    saturate,
  };
}

function parseScale(text: string): number | "tensor" | Scaling {
  const word = text.trim().toLowerCase();
  if (word === "tensor") return word;
  if (/^[a-z]/.test(word) && !/^(nan|inf|infinity)$/.test(word)) return parseScaling(word);
  const scale = word === "" ? Number.NaN : Math.fround(Number(word));
  if (!Number.isFinite(scale) || scale === 0) {
    throw new InvalidArgumentError(
      "Allowed are a finite float32 number other than 0, and scalings such as tensor or mx.",
    );
  }
  return scale;
}

function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`Allowed are whole numbers from ${lowest} to ${highest}.`);
  };
}

const details = (): string => `
Roundings:
${wrapped(Object.keys(roundings))}
  Stochastic modes draw 32 random bits for every element, a function of seed, stream, step and the element's
  index; --bits N takes the top N of them.

Policies:
${wrapped(Object.keys(presets))}
  Without --policy: default; ocp-saturate where the largest magnitude of a block gives its scale, and there elements
  saturate under every policy.

Scales: x is multiplied by the scale before the cast and divided by it afterwards.
  <number>      this scale for all
  tensor        the power of two that brings the largest magnitude just within the format
  Others, with options after commas, cast x · r to the element q and give back (q · s) · g, in float32, s being
  the scale of a block found from its largest magnitude (amax), and g that of the tensor or row, if there is one:
  tensor,fp32   one scale for all (any option does to tell it from tensor alone)
  row, column   one for each row or column
  block:RxC     one for each R by C values, for example block:1x128; ragged edges count as padded with zeros
  mx            block:1x32,e8m0
  nvfp4         block:1x16,e4m3,two-level
Options of scales:
  fp32, pow2, e8m0, e4m3, e5m3    how s is stored
  encode, divide, reciprocal      fp32 and pow2: r = F / amax and s = 1 / r, F being the largest element; or
                                  s = amax / F, with elements x / s, or x · (1 / s). pow2 rounds so that nothing
                                  overflows
  epsilon=X                       fp32 and pow2: amax counts as at least X
  floor, ceil, rceil, even, midmax  e8m0: ⌊log2 amax⌋ - ⌊log2 F⌋ as in OCP MX; the ceiling of log2 amax instead;
                                  ⌈log2(amax / F)⌉; amax rounded to the element's bits; the power of two that
                                  rounds the maximum better
  prescale=X                      e8m0: r = X / s and g = 1 / X; with 0.75, no element of e2m1 saturates under floor,
                                  so that stochastic rounding has no bias
  single, two-level, row-outer    e4m3 and e5m3: s alone, or relative to one fp32 scale for the tensor, or each row
  torchao, transformer-engine, gfloat, microxcaling
                                  as that library does it, also where amax is 0, tiny, infinite or NaN
  2d, transposed                  blocks of 16 by 16; blocks down the columns instead of along the rows
  four-over-six, four-over-six-mse, bound=X
                                  nvfp4: map amax to 4 instead of 6 where that has the smaller absolute or squared
                                  error; bound is the largest s provided for, 256 then and else 448

Formats with scales of their own, which --scale replaces:
${blockFormats.map(describe).join("\n")}
  ${"s2fp8".padEnd(21)}e5m2 of 2^β |x|^α, which has log2 of mean 0 and maximum 15`;

const describe = ({name, element, scaling}: BlockFormat): string =>
  `  ${name.padEnd(21)}${element}, --scale ${scaling}`;

/** Names in lines of up to 110 characters. */
function wrapped(names: readonly string[]): string {
  const lines = [""];
  for (const name of names) {
    const line = lines[lines.length - 1];
    if (line.length + name.length > 106) lines.push(name);
    else lines[lines.length - 1] = line ? `${line}, ${name}` : name;
  }
  return lines.map((line) => `  ${line}`).join(",\n");
}
