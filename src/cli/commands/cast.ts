import {type Command, InvalidArgumentError} from "commander";
import {usageError} from "../../errors.js";
import {parseFormat} from "../../formats/parse.js";
import {saturating} from "../../formats/policy.js";
import {parsePolicy, policies} from "../../formats/preset.js";
import {parseRounding, roundings} from "../../formats/rounding.js";
import {createKernels} from "../../kernels/kernels.js";
import {type ChunkCaster, chunkBytes, chunkCaster} from "../../precision/cast-array.js";
import {quantizer} from "../../precision/quantizer.js";
import {tensorScale} from "../../precision/scaling.js";
import {type FloatChunks, floatsOfFile, floatsOfStdin} from "../read-floats.js";
import {writeFileAtomically, writeToStdout} from "../write-output.js";

interface CastOptions {
  to: string;
  rounding: string;
  policy: string;
  scale: number | "tensor";
  saturate?: true;
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
    .requiredOption("--to <format>", "target format, see `bitscape formats`, or any eXmY")
    .option("--rounding <mode>", Object.keys(roundings).join(", "), "nearest-even")
    .option("--policy <name>", `overflow and NaN as in ${Object.keys(policies).join(", ")}`, "default")
    .option(
      "--scale <number>",
      "multiply by this before the cast and divide after it; `tensor` takes the power of two that brings the " +
        "largest magnitude just within the format",
      parseScale,
      1,
    )
    .option("--saturate", "what lies beyond the largest value becomes the largest value, whatever the policy")
    .action(cast);
}

async function cast(input = "-", output = "-", options: CastOptions): Promise<void> {
  const policy = parsePolicy(options.policy);
  const target = quantizer(parseFormat(options.to), {
    rounding: parseRounding(options.rounding),
    policy: options.saturate ? saturating(policy) : policy,
  });
  if (input === "-" && process.stdin.isTTY)
    throw usageError("cast reads binary data: name a file, or pipe it in");
  const chunks =
    input === "-"
      ? floatsOfStdin({isReadTwice: options.scale === "tensor"})
      : floatsOfFile(input, chunkBytes);
  const caster = chunkCaster(await createKernels(), target);
  const scale =
    options.scale === "tensor"
      ? tensorScale(target.largest, await largestMagnitude(caster, chunks))
      : options.scale;
  const results = castAll(caster, chunks, scale);
  if (output === "-") await writeToStdout(results);
  else await writeFileAtomically(output, results);
}

async function* castAll(caster: ChunkCaster, chunks: FloatChunks, scale: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield caster.cast(chunk, scale);
}

async function largestMagnitude(caster: ChunkCaster, chunks: FloatChunks): Promise<number> {
  let largest = 0;
  for await (const chunk of chunks) largest = Math.max(largest, caster.largestMagnitude(chunk));
  return largest;
}

function parseScale(text: string): number | "tensor" {
  if (text === "tensor") return text;
  const scale = text.trim() === "" ? Number.NaN : Math.fround(Number(text));
  if (!Number.isFinite(scale) || scale === 0) {
    throw new InvalidArgumentError("Allowed are a finite float32 number other than 0, and tensor.");
  }
  return scale;
}
