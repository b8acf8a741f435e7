import type {Command} from "commander";
import {usageError} from "../../errors.js";
import {caster} from "../../formats/cast.js";
import {encode} from "../../formats/encode.js";
import type {Format} from "../../formats/format.js";
import {parsePreset, presetFormat, presetRounding, presets} from "../../formats/preset.js";
import {isStochastic, parseRounding, type RoundingMode, roundings} from "../../formats/rounding.js";
import {bitFields, hexadecimal, parseNumber} from "../code-text.js";
import {argumentsOrStdin} from "../read-words.js";
import {alignColumns, exactNumber, jsonNumber} from "../text.js";

interface EncodeOptions {
  to: string;
  rounding?: string;
  policy: string;
  json?: true;
}

interface Encoded {
  /** As it was given, a double. */
  readonly value: number;
  /** What the format makes of it. */
  readonly rounded: number;
  readonly code: number;
}

const deterministic = (Object.keys(roundings) as RoundingMode[]).filter((mode) => !isStochastic(mode));

export function register(program: Command): void {
  program
    .command("encode")
    .summary("give the codes of numbers in a format")
    .description(
      "Rounds each number to the format and prints the value that it becomes, its code and its bits.\n" +
        "Numbers are decimals, 2^-9, 7·2^-10, inf or nan; put -- before -inf.",
    )
    .argument("[VALUES...]", "numbers; without any, those on stdin")
    .requiredOption("--to <format>", "target format, see `bitscape formats`")
    .option("--rounding <mode>", `${deterministic.join(", ")} (default: that of the policy)`)
    .option("--policy <name>", Object.keys(presets).join(", "), "default")
    .option("--json", "machine-readable; infinities, NaN and -0 are strings")
    .action(run);
}

async function run(given: string[], options: EncodeOptions): Promise<void> {
  const preset = parsePreset(options.policy);
  const format = presetFormat(preset, options.to);
  const rounding =
    options.rounding === undefined ? presetRounding(preset, format) : parseRounding(options.rounding);
  if (isStochastic(rounding)) {
    throw usageError(
      `encode draws no random bits: instead of ${rounding} name one of ${deterministic.join(", ")}`,
    );
  }
  const cast = caster(format, {rounding, policy: preset.policy});
  const values = (await argumentsOrStdin(given, "the numbers to encode")).map(parseNumber);
  const encoded = values.map((value) => {
    const rounded = cast(value);
    return {value, rounded, code: encode(format, rounded)};
  });
  process.stdout.write(`${options.json ? asJson(format, encoded) : asText(format, encoded)}\n`);
}

function asText(format: Format, encoded: readonly Encoded[]): string {
  const rows = encoded.map(({value, rounded, code}) => [
    exactOrDecimal(value),
    exactNumber(rounded),
    hexadecimal(format, code),
    bitFields(format, code),
  ]);
  return alignColumns([["number", format.name, "code", "bits"], ...rows], {right: [0, 1]});
}

function asJson(format: Format, encoded: readonly Encoded[]): string {
  const records = encoded.map(({value, rounded, code}) => ({
    value: jsonNumber(value),
    rounded: jsonNumber(rounded),
    code,
    bits: bitFields(format, code),
  }));
  return JSON.stringify(records, null, 2);
}

/** The double as it was written, which is shorter than its exact value. */
const exactOrDecimal = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
