import {createHash} from "node:crypto";
import {readFile, rename, rm} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {type BitscapeError, failure} from "../errors.js";
import {fileProblem, isMissing} from "../training/file-problem.js";
import {projectFolder} from "../training/folders.js";
import {makeFolder} from "../training/make-folder.js";
import {runId} from "../training/run-id.js";
import type {RunRecord} from "../training/run-record.js";
import {writeAtomically} from "../training/write-atomically.js";
import {recordJson, runRecordSchema} from "./run-record-schema.js";

/**
 * Finished runs, one file for each, named by the run's id. Several processes may use one store at once, and stores are
 * merged by copying files. A file that is not what its name says is moved to `set-aside/` and counts as missing.
 */
export interface RunStore {
  readonly folder: string;
  /** The record of a run, if it is finished. */
  readonly get: (id: string) => Promise<RunRecord | undefined>;
  /** @throws a one-line error when the folder cannot be written; nothing is left behind then */
  readonly put: (record: RunRecord) => Promise<void>;
  /** Finds out whether records can be written, before hours are spent on them. @throws as `put` does */
  readonly checkWritable: () => Promise<void>;
}

export interface RunStoreOptions {
  /** `BITSCAPE_STORE`, or `.bitscape/runs` in the project, by default. */
  readonly folder?: string;
  /** Receives a line about every file that was set aside. */
  readonly warn?: (line: string) => void;
}

export function openRunStore({
  folder = defaultFolder(),
  warn = console.error,
}: RunStoreOptions = {}): RunStore {
  const fileOf = (id: string) => join(folder, `${id}.json`);
  const write = async (file: string, text: string) => {
    try {
      await writeAtomically(file, (handle) => handle.writeFile(text));
    } catch (error) {
      throw storeFailure(folder, error);
    }
  };
  return {
    folder,
    async get(id) {
      const file = fileOf(id);
      const text = await readIfThere(file);
      if (text === undefined) return undefined;
      const entry = readEntry(text, id);
      if ("record" in entry) return entry.record;
      warn(await setAside(file, entry.problem));
      return undefined;
    },
    put: (record) => write(fileOf(record.id), entryText(record)),
    async checkWritable() {
      const file = join(folder, `.writable-${process.pid}`);
      await write(file, "");
      await rm(file, {force: true});
    },
  };
}

const defaultFolder = (): string => process.env.BITSCAPE_STORE || join(projectFolder(), ".bitscape/runs");

function entryText(record: RunRecord): string {
  const json = recordJson(record);
  return `{"sha256":"${hashOf(json)}","record":${json}}\n`;
}

/** The record in a file's text, or what is wrong with it. */
function readEntry(text: string, id: string): {record: RunRecord} | {problem: string} {
  const entry = parseJson(text);
  if (typeof entry !== "object" || entry === null || !("record" in entry) || !("sha256" in entry)) {
    return {problem: "is truncated or no run record"};
  }
  if (entry.sha256 !== hashOf(JSON.stringify(entry.record))) return {problem: "was changed or damaged"};
  const {data: record, error} = runRecordSchema.safeParse(entry.record);
  if (error)
    return {problem: `is no run record: ${error.issues[0].path.join(".")}: ${error.issues[0].message}`};
  if (record.id !== id || runId(record.settings, record.engine) !== id) return {problem: "holds another run"};
  return {record};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

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

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw failure(`cannot read the run store: ${file}: ${fileProblem(error)}`);
  }
}

const storeFailure = (folder: string, error: unknown): BitscapeError =>
  failure(
    `cannot write to the run store ${folder}: ${fileProblem(error)}; BITSCAPE_STORE can name another folder`,
  );
