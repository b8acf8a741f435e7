import type {Command} from "commander";
import {decode} from "../../formats/decode.js";
import {parsePreset, presetFormat, presets} from "../../formats/preset.js";
import {bitFields, hexadecimal, parseCode} from "../code-text.js";
import {argumentsOrStdin} from "../read-words.js";
import {alignColumns, exactNumber, jsonNumber} from "../text.js";

interface DecodeOptions {
  from: string;
  policy: string;
  json?: true;
}

export function register(program: Command): void {
  program
    .command("decode")
    .summary("give the values of codes of a format")
    .description("Prints the bits and the exact value of each code, such as 126, 0x7e or 0b01111110.")
    .argument("[CODES...]", "codes; without any, those on stdin")
    .requiredOption("--from <format>", "format of the codes, see `bitscape formats`")
    .option("--policy <name>", `read the format's name as in ${Object.keys(presets).join(", ")}`, "default")
    .option("--json", "machine-readable; infinities, NaN and -0 are strings")
    .action(async (given: string[], {from, policy, json}: DecodeOptions) => {
      const format = presetFormat(parsePreset(policy), from);
      const codes = (await argumentsOrStdin(given, "the codes to decode")).map(parseCode);
      const decoded = codes.map((code) => ({
        code,
        value: decode(format, code),
        bits: bitFields(format, code),
      }));
      const text = json
        ? JSON.stringify(
            decoded.map(({code, value, bits}) => ({code, bits, value: jsonNumber(value)})),
            null,
            2,
          )
        : alignColumns(
            [
              ["code", "bits", "value", "decimal"],
              ...decoded.map(({code, value, bits}) => [
                hexadecimal(format, code),
                bits,
                exactNumber(value),
                Object.is(value, -0) ? "-0" : String(value),
              ]),
            ],
            {right: [2, 3]},
          );
      process.stdout.write(`${text}\n`);
    });
}
