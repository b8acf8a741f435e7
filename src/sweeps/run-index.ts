import {hash} from "node:crypto";
import {appendFile, readFile} from "node:fs/promises";
import {join} from "node:path";
import type {RunSettings} from "../training/run-settings.js";
import {writeAtomically} from "../training/write-atomically.js";
import {recordJson} from "./run-record-schema.js";
import type {RunSummary} from "./run-summary.js";

/** By which a file is known to be the one that was read before. */
export interface FileStamp {
  readonly size: number;
  /** Milliseconds, as `stat` gives them: of the content, and of anything at all, which copying cannot keep. */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/**
 * Summaries of the records in a store, so that nobody reads ten thousand files to learn that they are there. A line for
 * each in a file that is only a cache: it may be lost, torn, or written by several processes, of which each then reads
 * more records than it would have to.
 */
export interface RunIndex {
  /** The summary of a run whose file was found good when it had this stamp. */
  readonly find: (id: string, stamp: FileStamp) => Promise<RunSummary | undefined>;
  /** Remembers summaries. Where the index cannot be written, nothing is lost. */
  readonly add: (entries: readonly IndexEntry[]) => Promise<void>;
}

export interface IndexEntry {
  readonly stamp: FileStamp;
  readonly summary: RunSummary;
}

/** Hidden, so that it does not count as a record. */
export const indexFileName = ".index";

/** @param options with `readOnly`, what is remembered is forgotten with the process */
export function openRunIndex(folder: string, {readOnly = false} = {}): RunIndex {
  const file = join(folder, indexFileName);
  let loaded: Promise<Map<string, IndexEntry>> | undefined;
  const entries = () => {
    loaded ??= load(file, readOnly);
    return loaded;
  };
  return {
    async find(id, stamp) {
      const entry = (await entries()).get(id);
      return entry && isSame(entry.stamp, stamp) ? entry.summary : undefined;
    },
    async add(added) {
      const known = await entries();
      for (const entry of added) known.set(entry.summary.id, entry);
      if (readOnly) return;
      // A line that another process left torn ends here.
      await appendFile(file, `\n${added.map(entryLine).join("\n")}\n`).catch(() => {});
    },
  };
}

const isSame = (a: FileStamp, b: FileStamp): boolean =>
  a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;

/**
 * Checksum, entry and settings, apart by tabs, which JSON does not have: a line that is not whole is known by its
 * checksum, and the settings, which are most of it, need not be parsed before someone asks.
 */
function entryLine({stamp: {size, mtimeMs, ctimeMs}, summary: {settings, ...summary}}: IndexEntry): string {
  const text = `${recordJson({stamp: {size, mtimeMs, ctimeMs}, summary})}\t${recordJson(settings)}`;
  return `${checksum(text)}\t${text}`;
}

const checksum = (text: string): string => hash("sha256", summaryVersion + text).slice(0, checksumLength);
const checksumLength = 16;

/** Changed with what a summary holds, so that lines from before are of no use. */
const summaryVersion = "1";

/** The entries of an index, the last of each run; an index with many lines of no use is written anew. */
async function load(file: string, readOnly: boolean): Promise<Map<string, IndexEntry>> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  const entries = new Map<string, IndexEntry>();
  for (const line of lines) {
    const entry = parseLine(line);
    if (entry) entries.set(entry.summary.id, entry);
  }
  if (!readOnly && lines.length > 2 * entries.size + 100) await rewrite(file, entries);
  return entries;
}

function parseLine(line: string): IndexEntry | undefined {
  const text = line.slice(checksumLength + 1);
  if (line.slice(0, checksumLength) !== checksum(text)) return undefined;
  const middle = text.indexOf("\t");
  const {stamp, summary} = JSON.parse(text.slice(0, middle)) as IndexEntry;
  return {stamp, summary: withSettings(revived(summary), text.slice(middle + 1))};
}

/** Numbers that JSON does not know are texts in it. */
const revived = (summary: RunSummary): Omit<RunSummary, "settings"> => ({
  ...summary,
  finalTrainingLoss: numberOrNull(summary.finalTrainingLoss),
  finalHeldOutLoss: numberOrNull(summary.finalHeldOutLoss),
  floor: numberOrNull(summary.floor),
});

const numberOrNull = (value: number | null): number | null => (value === null ? null : Number(value));

function withSettings(summary: Omit<RunSummary, "settings">, json: string): RunSummary {
  let settings: RunSettings | undefined;
  return {
    ...summary,
    get settings() {
      settings ??= JSON.parse(json) as RunSettings;
      return settings;
    },
  };
}

const rewrite = (file: string, entries: ReadonlyMap<string, IndexEntry>): Promise<void> =>
  writeAtomically(file, (handle) =>
    handle.writeFile([...entries.values()].map((entry) => `${entryLine(entry)}\n`).join("")),
  ).catch(() => {});
