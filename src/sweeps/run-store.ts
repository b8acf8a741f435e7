import {type Stats, statSync} from "node:fs";
import {readFile, rename, rm} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {type BitscapeError, failure} from "../errors.js";
import {fileProblem, isMissing} from "../training/file-problem.js";
import {projectFolder} from "../training/folders.js";
import {makeFolder} from "../training/make-folder.js";
import type {RunRecord} from "../training/run-record.js";
import {writeAtomically} from "../training/write-atomically.js";
import {type IndexEntry, openRunIndex} from "./run-index.js";
import {originHere, type RunOrigin} from "./run-origin.js";
import {type RunSummary, summarize} from "./run-summary.js";
import {entryText, readEntry, type StoreEntry} from "./store-entry.js";

/**
 * Finished runs, one file for each, named by the run's id. Several processes may use one store at once, and stores are
 * merged by copying files. A file that is not what its name says is moved to `set-aside/` and counts as missing.
 */
export interface RunStore {
  readonly folder: string;
  /** The record of a run, if it is finished. */
  readonly get: (id: string) => Promise<RunRecord | undefined>;
  /** What lists say of a run, if it is finished. */
  readonly summary: (id: string) => Promise<RunSummary | undefined>;
  /** The summaries of those runs that are finished, without holding their records. */
  readonly summaries: (ids: Iterable<string>) => Promise<ReadonlyMap<string, RunSummary>>;
  /**
   * @param origin where and when the run was computed: here and now, unless it is said
   * @throws a one-line error when the folder cannot be written; nothing is left behind then
   */
  readonly put: (record: RunRecord, origin?: RunOrigin | null) => Promise<void>;
  /** Finds out whether records can be written, before hours are spent on them. @throws as `put` does */
  readonly checkWritable: () => Promise<void>;
}

export interface RunStoreOptions {
  /** `BITSCAPE_STORE`, or `.bitscape/runs` in the project, by default. */
  readonly folder?: string;
  /** Receives a line about every file that was set aside. */
  readonly warn?: (line: string) => void;
}

/** Summaries go to the index in groups of so many. */
const indexedAtOnce = 100;

export function openRunStore({
  folder = defaultFolder(),
  warn = console.error,
}: RunStoreOptions = {}): RunStore {
  const index = openRunIndex(folder);
  const fileOf = (id: string) => join(folder, `${id}.json`);
  const write = async (file: string, text: string) => {
    try {
      await writeAtomically(file, (handle) => handle.writeFile(text));
    } catch (error) {
      throw storeFailure(folder, error);
    }
  };
  const read = async (id: string): Promise<Extract<StoreEntry, {record: unknown}> | undefined> => {
    const file = fileOf(id);
    const entry = await readFileEntry(file, id);
    if (!entry || "olderVersion" in entry) return undefined;
    if ("record" in entry) return entry;
    warn(entry.isMovable ? await setAside(file, entry.problem) : `${file} ${entry.problem}; it is not used`);
    return undefined;
  };
  const summaries = async (ids: Iterable<string>) => {
    const found = new Map<string, RunSummary>();
    const unknown: IndexEntry[] = [];
    for (const id of ids) {
      const stamp = statIfThere(fileOf(id));
      if (!stamp) continue;
      const known = await index.find(id, stamp);
      const entry = known ? undefined : await read(id);
      const summary = known ?? (entry && summarize(entry.record, entry.origin));
      if (summary) found.set(id, summary);
      if (summary && entry) unknown.push({stamp, summary});
      if (unknown.length === indexedAtOnce) await index.add(unknown.splice(0));
    }
    if (unknown.length > 0) await index.add(unknown);
    return found;
  };
  return {
    folder,
    get: async (id) => (await read(id))?.record,
    summary: async (id) => (await summaries([id])).get(id),
    summaries,
    async put(record, origin = originHere()) {
      const file = fileOf(record.id);
      await write(file, entryText(record, origin));
      const stamp = statIfThere(file);
      if (stamp) await index.add([{stamp, summary: summarize(record, origin)}]);
    },
    async checkWritable() {
      const file = join(folder, `.writable-${process.pid}`);
      await write(file, "");
      await rm(file, {force: true});
    },
  };
}

const defaultFolder = (): string => process.env.BITSCAPE_STORE || join(projectFolder(), ".bitscape/runs");

type FileEntry =
  | Exclude<StoreEntry, {problem: string}>
  | {readonly problem: string /** Whether it may be moved out of the way. */; readonly isMovable: boolean};

async function readFileEntry(file: string, id: string): Promise<FileEntry | undefined> {
  const stamp = statIfThere(file);
  if (!stamp) return undefined;
  if (!stamp.isFile()) return {problem: "is no file", isMovable: true};
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    return {problem: `cannot be read: ${fileProblem(error)}`, isMovable: false};
  }
  const entry = readEntry(content, id);
  return "problem" in entry ? {...entry, isMovable: true} : entry;
}

/** Synchronous, which for thousands of files is ten times as fast. */
function statIfThere(file: string): Stats | undefined {
  try {
    return statSync(file, {throwIfNoEntry: false});
  } catch (error) {
    throw failure(`cannot read the run store: ${file}: ${fileProblem(error)}`);
  }
}

/** Moves a file out of the way and tells so. Where that cannot be done, the file is still not used. */
async function setAside(file: string, problem: string): Promise<string> {
  const aside = join(dirname(file), "set-aside", basename(file));
  try {
    await makeFolder(dirname(aside));
    await rename(file, aside);
    return `${file} ${problem}; it is set aside as ${aside}`;
  } catch (error) {
    return `${file} ${problem}; it is not used, and cannot be set aside: ${fileProblem(error)}`;
  }
}

const storeFailure = (folder: string, error: unknown): BitscapeError =>
  failure(
    `cannot write to the run store ${folder}: ${fileProblem(error)}; BITSCAPE_STORE can name another folder`,
  );
