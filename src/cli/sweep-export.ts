import {extname} from "node:path";
import {usageError} from "../errors.js";
import {csvChunks} from "../sweeps/csv.js";
import type {ResultTable} from "../sweeps/result-tables.js";
import {sweepResults} from "./sweep-results.js";
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
  const {form, groups, total, counts} = sweepResults(name, options);
  const chunksOf = format === "arrow" ? (await import("../sweeps/arrow-file.js")).arrowChunks : csvChunks;
  const chunks = chunksOf(form.columns, groups);
  await (out === undefined ? writeToStdout(chunks) : writeFileAtomically(out, chunks));
  process.stderr.write(`${describe(total, counts)}\n`);
}

function formatOf(out: string | undefined): ExportFormat {
  return out !== undefined && extname(out) === ".arrow" ? "arrow" : "csv";
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
