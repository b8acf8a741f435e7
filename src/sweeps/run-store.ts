import {type Stats, statSync} from "node:fs";
import {readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import {type BitscapeError, failure} from "../errors.js";
import {fileProblem, isMissing} from "../training/file-problem.js";
import {projectFolder} from "../training/folders.js";
import type {RunRecord} from "../training/run-record.js";
import {temporaryFile} from "../training/temporary-file.js";
import {writeAtomically} from "../training/write-atomically.js";
import {removeCheckpoint} from "./checkpoint-files.js";
import {removeLeftBehind} from "./left-behind.js";
import {type IndexEntry, openRunIndex} from "./run-index.js";
import {originHere, type RunOrigin} from "./run-origin.js";
import {type RunSummary, summarize} from "./run-summary.js";
import {setAside} from "./set-aside.js";
import {entryText, readEntry, type StoreEntry} from "./store-entry.js";
import {filesIn, idOfRecordFile, recordFileName} from "./store-files.js";

/**
 * Finished runs, one file for each, named by the run's id. Several processes may use one store at once, and stores are
 * merged by copying files. A file that is not what its name says is moved to `set-aside/` and counts as missing.
 */
export interface RunStore {
  readonly folder: string;
  /** Whether nothing in the folder changes: bad files stay where they are, and nothing can be put. */
  readonly readOnly: boolean;
  /** The record of a run, if it is finished. */
  readonly get: (id: string) => Promise<RunRecord | undefined>;
  /** What lists say of a run, if it is finished. */
  readonly summary: (id: string) => Promise<RunSummary | undefined>;
  /** The summaries of those runs that are finished, without holding their records. */
  readonly summaries: (ids: Iterable<string>) => Promise<ReadonlyMap<string, RunSummary>>;
  /** Every run that has a file, whatever that holds, by whichever engine. */
  readonly ids: () => Promise<readonly string[]>;
  /**
   * Keeps a record, in the place of the run's checkpoint.
   * @param origin where and when the run was computed: here and now, unless it is said
   * @throws a one-line error when the folder cannot be written; nothing is left behind then
   */
  readonly put: (record: RunRecord, origin?: RunOrigin | null) => Promise<void>;
  /**
   * Finds out whether records can be written, before hours are spent on them, and removes what killed processes left
   * half-written.
   * @throws as `put` does
   */
  readonly checkWritable: () => Promise<void>;
}

export interface RunStoreOptions {
  /** `BITSCAPE_STORE`, or `.bitscape/runs` in the project, by default. */
  readonly folder?: string;
  /** For those who only look, such as dry runs. */
  readonly readOnly?: boolean;
  /** Receives a line about every file that was set aside, or would be. */
  readonly warn?: (line: string) => void;
}

/** Summaries go to the index in groups of so many. */
const indexedAtOnce = 100;

export function openRunStore({
  folder = defaultFolder(),
  readOnly = false,
  warn = console.error,
}: RunStoreOptions = {}): RunStore {
  const index = openRunIndex(folder, {readOnly});
  const fileOf = (id: string) => join(folder, recordFileName(id));
  const write = async (file: string, text: string) => {
    if (readOnly) throw new Error(`the run store ${folder} is only read`);
    try {
      await writeAtomically(file, (handle) => handle.writeFile(text));
    } catch (error) {
      throw storeFailure(folder, error);
    }
  };
  const read = async (id: string): Promise<GoodEntry | undefined> => {
    const file = fileOf(id);
    const entry = await readFileEntry(file, id);
    if (!entry || "olderVersion" in entry) return undefined;
    if ("record" in entry) return entry;
    if (!entry.isMovable) {
      warn(`${file} ${entry.problem}; it is not used`);
      return undefined;
    }
    if (readOnly) {
      warn(`${file} ${entry.problem}; it is not used, and would be set aside`);
      return undefined;
    }
    const moved = await setAside(file);
    if ("problem" in moved) {
      if (moved.isGone) return undefined;
      warn(`${file} ${entry.problem}; it is not used, and cannot be set aside: ${moved.problem}`);
      return undefined;
    }
    const replaced = await readFileEntry(moved.file, id);
    if (replaced && "record" in replaced) {
      await moved.putBack(); // another process has put the record in its place just before it was moved
      return replaced;
    }
    warn(`${file} ${entry.problem}; it is set aside as ${moved.file}`);
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
    readOnly,
    get: async (id) => (await read(id))?.record,
    summary: async (id) => (await summaries([id])).get(id),
    summaries,
    ids: async () => (await filesIn(folder)).flatMap(({name}) => idOfRecordFile(name) ?? []),
    async put(record, origin = originHere()) {
      const file = fileOf(record.id);
      await write(file, entryText(record, origin));
      const stamp = statIfThere(file);
      if (stamp) await index.add([{stamp, summary: summarize(record, origin)}]);
      await removeCheckpoint(folder, record);
    },
    async checkWritable() {
      const file = temporaryFile(join(folder, "writable"));
      await write(file, "");
      await rm(file, {force: true});
      await removeLeftBehind(folder);
    },
  };
}

const defaultFolder = (): string => process.env.BITSCAPE_STORE || join(projectFolder(), ".bitscape/runs");

type GoodEntry = Extract<StoreEntry, {record: unknown}>;

type FileEntry =
  | Exclude<StoreEntry, {problem: string}>
  | {readonly problem: string /** Whether it may be moved out of the way. */; readonly isMovable: boolean};

/** What is at the place of a record; undefined where nothing is. */
export async function readFileEntry(file: string, id: string): Promise<FileEntry | undefined> {
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

const storeFailure = (folder: string, error: unknown): BitscapeError =>
  failure(
    `cannot write to the run store ${folder}: ${fileProblem(error)}; BITSCAPE_STORE can name another folder`,
  );
