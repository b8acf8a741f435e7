import {existsSync} from "node:fs";
import {usageError} from "../errors.js";
import {columnarRunTableReader} from "../laws/columnar-run-table.js";
import {compareFits} from "../laws/compare-laws.js";
import type {FitOptions, FitProgress, FitResult} from "../laws/fit.js";
import {lawOf} from "../laws/index.js";
import {withoutLargestLosses} from "../laws/largest-losses.js";
import type {Law} from "../laws/law.js";
import {printable} from "../laws/printable.js";
import {parseRowFilter} from "../laws/row-filter.js";
import type {RunTableOptions, RunTableReading} from "../laws/run-table-builder.js";
import {type VariableName, variables} from "../laws/variables.js";
import {presetNames} from "../sweeps/preset.js";
import {describeFit, type FitReport, fitJson} from "./describe-fit.js";
import {fitOnCores} from "./fit-pool.js";
import {duration, type StatusDisplay, statusDisplay} from "./progress-display.js";
import {readRunTableFile} from "./read-run-table.js";
import {sweepResults} from "./sweep-results.js";
import {byteText} from "./text.js";
import {writeFileAtomically} from "./write-output.js";

interface FitCommandOptions {
  readonly column: readonly string[];
  readonly where: readonly string[];
  readonly skipBadRows?: true;
  readonly unrounded?: number;
  readonly dropLargestLosses: number;
  readonly fix: readonly string[];
  /** False where nothing may be tied. */
  readonly tie?: readonly string[] | boolean;
  readonly delta: number;
  readonly starts?: number | "grid";
  readonly bootstrap?: number;
  readonly by: "run" | "group";
  readonly confidence: number;
  readonly seed: number;
  /** By default 5, and none of many runs. */
  readonly heldOut?: number;
  readonly compare?: readonly string[];
  readonly workers?: number;
  readonly json?: true;
  readonly output?: string;
}

/** Fits a law to a table of runs and prints what came of it. */
export async function fitTable(lawName: string, source: string, options: FitCommandOptions): Promise<void> {
  const law = lawOf(lawName);
  const compared = [law, ...(options.compare ?? []).map(lawOf).filter(({name}) => name !== law.name)];
  if (options.compare && options.heldOut === 0)
    throw usageError("--compare needs runs that are held out: not --held-out 0");
  const constants = constantOptionsOf(options);
  const display = statusDisplay({quietFor: 2000});
  const onProgress = fitProgress(display);
  // Nothing is kept of a fit that is interrupted; only the terminal has to be put in order.
  const interrupt = () => {
    display.finish();
    process.exit(130);
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  let report: FitReport;
  try {
    const all = await readTable(source, compared, options, display);
    const reading = withoutLargestLosses(all, options.dropLargestLosses);
    const fitOptions = {...constants, ...searchOptionsOf(options, reading.table.rows)};
    const results: FitResult[] = [];
    for (const {name} of compared) {
      const request = {law: name, table: reading.table, options: fitOptions};
      results.push(await fitOnCores(request, {workers: options.workers, onProgress}));
    }
    const comparison = results.length > 1 ? compareFits(reading.table, results) : null;
    report = {law, source, reading, result: results[0], comparison};
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    display.finish();
  }
  if (options.output !== undefined) await writeFileAtomically(options.output, jsonChunks(report));
  process.stdout.write(options.json ? `${fitJson(report)}\n` : `${describeFit(report)}\n`);
}

async function readTable(
  source: string,
  laws: readonly Law[],
  options: FitCommandOptions,
  display: StatusDisplay,
): Promise<RunTableReading> {
  const tableOptions = tableOptionsOf(laws, options);
  if (isSweep(source)) return readSweep(source, tableOptions);
  return readRunTableFile(source, {
    ...tableOptions,
    onProgress: (bytes, total) =>
      display.show(total ? bytes / total : Number.NaN, () => readingText(source, bytes, total)),
  });
}

const readingText = (source: string, bytes: number, total: number | null): string =>
  `reading ${printable(source)}: ${byteText(bytes)}${total ? ` of ${byteText(total)}` : ""}`;

/** A file of that name goes before the sweep. */
const isSweep = (source: string): boolean =>
  source !== "-" && !existsSync(source) && presetNames().includes(source);

/** The runs of a sweep in the store, and published ones; the casts after training for laws of these. */
async function readSweep(name: string, options: RunTableOptions): Promise<RunTableReading> {
  const isAfterTraining = options.wanted!.includes("postTrainingBits");
  const {form, groups} = sweepResults(name, {table: isAfterTraining ? "post-training" : "runs"});
  const reader = columnarRunTableReader(
    form.columns.map(({name}) => name),
    options,
  );
  for await (const group of groups) {
    const rows = [...group];
    reader.push({rows: rows.length, valueAt: (column, row) => rows[row][column]});
  }
  return reader.end();
}

/** Read is what the laws take; a variable for which the table has no column is not rounded. */
function tableOptionsOf(laws: readonly Law[], options: FitCommandOptions): RunTableOptions {
  const wanted: VariableName[] = [...new Set(laws.flatMap((law) => law.variables))];
  return {
    needed: [...wanted.filter((name) => variables[name].without === undefined), "loss"],
    wanted: [...wanted, "parameters", "tokens", "loss"],
    columns: Object.fromEntries(options.column.map((text) => keyAndValue("--column", text, "VARIABLE=NAME"))),
    filters: options.where.map((text) => located("--where", () => parseRowFilter(text))),
    skipBadRows: options.skipBadRows,
    unrounded: options.unrounded,
  };
}

function constantOptionsOf({fix, tie}: FitCommandOptions): Pick<FitOptions, "fixed" | "tied"> {
  const fixed = fix.map((text): [string, number] => {
    const [name, value] = keyAndValue("--fix", text, "CONSTANT=NUMBER");
    if (value.trim() !== "" && Number.isFinite(Number(value))) return [name, Number(value)];
    throw usageError(`--fix ${printable(text)}: "${printable(value)}" is no number`);
  });
  return {
    fixed: Object.fromEntries(fixed),
    ...(Array.isArray(tie) && {tied: tie.map((text: string) => text.split("=").map((name) => name.trim()))}),
    ...(tie === false && {tied: []}),
  };
}

/** Runs from which on each search takes so long that there are few unless more are asked for. */
const manyRuns = 100_000;

function searchOptionsOf(options: FitCommandOptions, rows: number): FitOptions {
  const {bootstrap, by, seed, confidence, delta, compare} = options;
  const isLarge = rows >= manyRuns;
  const starts = options.starts ?? (isLarge ? 4 : undefined);
  const heldOut = options.heldOut ?? (isLarge && !compare ? 0 : 5);
  return {
    ...{seed, starts, confidence, huberDelta: delta},
    bootstrap: bootstrap === undefined ? undefined : {replicates: bootstrap, by, seed},
    heldOut: heldOut === 0 ? undefined : {folds: heldOut, seed},
    leaveLargestOut: heldOut === 0 ? undefined : {},
  };
}

/** `NAME=VALUE` in two. @throws a usage error that says what was expected */
function keyAndValue(option: string, text: string, expected: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1)];
  throw usageError(`${option} ${printable(text)}: expected ${expected}`);
}

function located<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof Error ? usageError(`${option} ${error.message}`) : error;
  }
}

const stageTitles: Readonly<Record<FitProgress["stage"], string>> = {
  starts: "starts",
  replicates: "samples of the bootstrap",
  folds: "parts held out",
  largest: "largest runs left out",
  deltas: "other deltas",
  groups: "groups left out",
};

/** Shows how many searches of a stage are done, and the time that the rest takes at their speed. */
function fitProgress({show}: StatusDisplay): (progress: FitProgress) => void {
  let stage = "";
  let first = {done: 0, at: 0};
  return (progress) => {
    const {done, of} = progress;
    const now = performance.now();
    if (progress.stage !== stage) [stage, first] = [progress.stage, {done, at: now}];
    const perSearch = (now - first.at) / 1000 / (done - first.done); // not a number at the first report
    const left = done < of && perSearch > 0 ? `, ${duration(perSearch * (of - done))} left` : "";
    show(done / of, () => `${done} of ${of} ${stageTitles[progress.stage]}${left}`);
  };
}

async function* jsonChunks(report: FitReport): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(`${fitJson(report)}\n`);
}
