import {type Command, Option} from "commander";
import {usageError} from "../../errors.js";
import {collect} from "../collect-option.js";
import {parseCount} from "../parse-count.js";

export function register(program: Command): void {
  program
    .command("fit")
    .summary("fit a scaling law to a table of runs")
    .description(
      "Fits the constants of a law to runs: least Huber loss of the logarithms, from many starts, with exact gradients.\n" +
        "TABLE is a file of text (commas, tabs or semicolons; also gzip) or Arrow with a row for each run, - for standard " +
        'input, or the name of a sweep in data/settings. "bitscape laws" lists the laws.',
    )
    .argument("<LAW>", "name of a law, as in chinchilla")
    .argument("<TABLE>", "file of runs, -, or name of a sweep")
    .option(
      "--column <variable=name>",
      'column that holds a variable, as in parameters="Model Size", or by place, loss=#7 (repeatable)',
      collect,
      [],
    )
    .option(
      "--where <column=value>",
      "only rows of which this holds; also != < > <= >= (repeatable)",
      collect,
      [],
    )
    .option("--skip-bad-rows", "leave out rows that cannot be used, and count them")
    .option("--unrounded <bits>", "bits from which on a number counts as not rounded, as in 16", parseBits)
    .option(
      "--drop-largest-losses <number>",
      "leave out so many runs with the largest losses",
      parseDropped,
      0,
    )
    .option("--fix <constant=value>", "hold a constant, as in alpha=0.34 (repeatable)", collect, [])
    .option(
      "--tie <a=b>",
      "hold constants equal, as in alpha=beta (repeatable); default: as the paper does",
      collect,
    )
    .option("--no-tie", "hold none equal")
    .option(
      "--delta <number>",
      "log residuals beyond it count by their size, not their square",
      parseDelta,
      1e-3,
    )
    .option(
      "--starts <number|grid>",
      "starts of the search: random ones, or the grid of the law; few by default for 100,000 runs and more",
      parseStarts,
    )
    .option("--bootstrap <number>", "intervals from so many samples of the runs, as in 1000", parseReplicates)
    .addOption(
      new Option("--by <unit>", "what the bootstrap draws: runs, or groups of equal N and D")
        .choices(["run", "group"])
        .default("run"),
    )
    .option("--confidence <share>", "what intervals should cover", parseConfidence, 0.95)
    .option("--seed <number>", "of random starts, samples and parts", parseSeed, 0)
    .option(
      "--held-out <parts>",
      "parts of the runs, each held out once; 0 for none (default: 5; 0 for 100,000 runs and more)",
      parseParts,
    )
    .option("--compare <laws>", "other laws, compared by their errors on held-out runs: NAME,NAME", (text) =>
      text.split(",").map((name) => name.trim()),
    )
    .option("--workers <number>", "threads (default: one for each core)", parseWorkers)
    .option("--json", "the result as JSON")
    .option("-o, --output <file>", "also write the result as JSON to a file, for bitscape plan --constants")
    .action(async (law, table, options) => (await import("../fit.js")).fitTable(law, table, options));
}

const parseDropped = (text: string): number => parseCount("--drop-largest-losses", text, 0, 1e9);
const parseReplicates = (text: string): number => parseCount("--bootstrap", text, 2, 1_000_000);
const parseSeed = (text: string): number => parseCount("--seed", text, 0, 2 ** 32 - 1);
const parseWorkers = (text: string): number => parseCount("--workers", text, 1, 1024);

function parseParts(text: string): number {
  if (text === "1") throw usageError("--held-out 1: expected 0, or 2 parts or more");
  return parseCount("--held-out", text, 0, 1000);
}

const parseStarts = (text: string): number | "grid" =>
  text === "grid" ? text : parseCount("--starts", text, 1, 1_000_000);

const parseBits = (text: string): number => parsePositive("--unrounded", text, Number.POSITIVE_INFINITY);
const parseDelta = (text: string): number => parsePositive("--delta", text, Number.POSITIVE_INFINITY);
const parseConfidence = (text: string): number => parsePositive("--confidence", text, 1);

function parsePositive(option: string, text: string, below: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < below) return value;
  throw usageError(
    `${option} ${text}: expected a number above 0${Number.isFinite(below) ? ` and below ${below}` : ""}`,
  );
}
