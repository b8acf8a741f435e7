import {appendFile, readFile} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {writeAtomically} from "../training/write-atomically.js";
import {recordJson} from "./run-record-schema.js";
import {type RunSummary, runSummarySchema} from "./run-summary.js";

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
export const indexFileName = ".index.jsonl";

const entrySchema = z.strictObject({
  stamp: z.strictObject({size: z.number(), mtimeMs: z.number(), ctimeMs: z.number()}),
  summary: runSummarySchema,
}) satisfies z.ZodType<IndexEntry>;

export function openRunIndex(folder: string): RunIndex {
  const file = join(folder, indexFileName);
  let loaded: Promise<Map<string, IndexEntry>> | undefined;
  const entries = () => {
    loaded ??= load(file);
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
      // A line that another process left torn ends here.
      await appendFile(file, `\n${added.map(entryLine).join("\n")}\n`).catch(() => {});
    },
  };
}

const isSame = (a: FileStamp, b: FileStamp): boolean =>
  a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;

const entryLine = ({stamp: {size, mtimeMs, ctimeMs}, summary}: IndexEntry): string =>
  recordJson({stamp: {size, mtimeMs, ctimeMs}, summary});

/** The entries of an index, the last of each run; an index with many lines of no use is written anew. */
async function load(file: string): Promise<Map<string, IndexEntry>> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  const entries = new Map<string, IndexEntry>();
  for (const line of lines) {
    const entry = parseLine(line);
    if (entry) entries.set(entry.summary.id, entry);
  }
  if (lines.length > 2 * entries.size + 100) await rewrite(file, entries);
  return entries;
}

function parseLine(line: string): IndexEntry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

const rewrite = (file: string, entries: ReadonlyMap<string, IndexEntry>): Promise<void> =>
  writeAtomically(file, (handle) =>
    handle.writeFile([...entries.values()].map((entry) => `${entryLine(entry)}\n`).join("")),
  ).catch(() => {});
