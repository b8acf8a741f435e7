import {extname} from "node:path";
import {failure, usageError} from "../errors.js";
import {engineId} from "../kernels/generated.js";
import {csvChunks} from "../sweeps/csv.js";
import type {PlannedRun} from "../sweeps/executor.js";
import {parseOverrides} from "../sweeps/overrides.js";
import {plan} from "../sweeps/plan.js";
import {plannedRuns} from "../sweeps/planned-runs.js";
import {readPreset} from "../sweeps/preset.js";
import {publishedRecords} from "../sweeps/published.js";
import {type ResultTable, type TableForm, tableForm} from "../sweeps/result-tables.js";
import {openRunStore, type RunStore} from "../sweeps/run-store.js";
import {settingsChoices} from "../sweeps/settings-choices.js";
import {canonicalJson} from "../training/canonical-json.js";
import {settingsParser} from "../training/run-settings-schema.js";
import {writeFileAtomically, writeToStdout} from "./write-output.js";

export type ExportFormat = "arrow" | "csv";

export interface ExportOptions {
  readonly set: readonly string[];
  readonly table: ResultTable;
  /** By default what the name of the file says, else CSV. */
  readonly format?: ExportFormat;
}

/** Writes the results of a sweep as a table: of its runs in the store, and of published ones that are not there. */
export async function exportSweep(
  name: string,
  out: string | undefined,
  options: ExportOptions,
): Promise<void> {
  const format = options.format ?? formatOf(out);
  if (format === "arrow" && out === undefined && process.stdout.isTTY) {
    throw usageError("an Arrow file is nothing for a terminal: name a file, or say --format csv");
  }
  const preset = readPreset(name);
  const choices = settingsChoices();
  const runs = plannedRuns(plan(preset, parseOverrides(options.set, [preset.name]), choices), engineId);
  const store = openRunStore();
  const form = tableForm(options.table, runs);
  const counts = {stored: 0, published: 0};
  const groups = resultRows({name: preset.name, runs, store, form, counts});
  const chunksOf = format === "arrow" ? (await import("../sweeps/arrow-file.js")).arrowChunks : csvChunks;
  const chunks = chunksOf(form.columns, groups);
  await (out === undefined ? writeToStdout(chunks) : writeFileAtomically(out, chunks));
  process.stderr.write(`${describe(runs.length, counts)}\n`);
}

function formatOf(out: string | undefined): ExportFormat {
  return out !== undefined && extname(out) === ".arrow" ? "arrow" : "csv";
}

interface Sources {
  readonly name: string;
  readonly runs: readonly PlannedRun[];
  readonly store: RunStore;
  readonly form: TableForm;
  readonly counts: {stored: number; published: number};
}

/** The rows of one run after the other: those of the store in the order of the plan, then published ones. */
async function* resultRows({name, runs, store, form, counts}: Sources) {
  const missing = new Map<string, PlannedRun>();
  for (const run of runs) {
    const record = await store.get(run.id);
    if (!record) {
      missing.set(canonicalJson(run.settings), run);
      continue;
    }
    counts.stored += 1;
    yield form.rows(run, record);
  }
  if (missing.size > 0) {
    const parse = settingsParser(settingsChoices());
    for await (const record of publishedRecords(name)) {
      const run = missing.get(canonicalJson(parse({...record.settings})));
      if (!run) continue;
      counts.published += 1;
      yield form.rows(run, record);
    }
  }
  if (counts.stored + counts.published === 0) {
    throw failure(`no run of ${name} is finished or published; "bitscape sweep ${name}" computes them`);
  }
}

function describe(total: number, {stored, published}: {stored: number; published: number}): string {
  const missing = total - stored - published;
  const parts = [
    `${stored + published} of ${total} runs`,
    published > 0 ? `${published} of them as published, with rounded losses` : "",
    missing > 0 ? `${missing} are missing` : "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}
