import {join} from "node:path";
import {isTemporary} from "../training/temporary-file.js";
import {type CheckpointedRun, runOfCheckpoint, unfinishedFolder} from "./checkpoint-files.js";
import {leftBehind} from "./left-behind.js";
import {indexFileName} from "./run-index.js";
import {type RunStore, readFileEntry} from "./run-store.js";
import type {RunSummary} from "./run-summary.js";
import {setAsideFolder} from "./set-aside.js";
import {filesIn, idOfRecordFile, type StoreFile} from "./store-files.js";

/** Everything that lies in a run store. */
export interface StoreSurvey {
  /** Good records of whichever engine, by id. */
  readonly records: ReadonlyMap<string, StoredRun>;
  /** Records of earlier versions of Bitscape, which this one cannot use. */
  readonly older: readonly StoreFile[];
  /** Files that are not what their names say and could not be moved. */
  readonly unusable: readonly StoreFile[];
  /** Such files that were moved, or would be if the store were not only read. */
  readonly setAside: readonly StoreFile[];
  /** What killed processes left half-written. */
  readonly leftBehind: readonly StoreFile[];
  /** Where unfinished runs can go on. */
  readonly checkpoints: readonly StoredCheckpoint[];
  /** What is none of ours, or a copy of a record under a name that nobody asks for. */
  readonly foreign: readonly StoreFile[];
}

export interface StoredCheckpoint {
  readonly run: CheckpointedRun;
  readonly file: StoreFile;
}

export interface StoredRun {
  readonly path: string;
  readonly summary: RunSummary;
  readonly bytes: number;
}

/** Looks at all that lies in a store. Records that are not in its index are read; bad ones are set aside, if they may. */
export async function surveyStore(store: RunStore): Promise<StoreSurvey> {
  const summaries = await store.summaries(await store.ids());
  const files = await filesIn(store.folder);
  const records = new Map<string, StoredRun>();
  const older: StoreFile[] = [];
  const unusable: StoreFile[] = [];
  const damaged: StoreFile[] = [];
  const foreign: StoreFile[] = [];
  for (const file of files) {
    const id = idOfRecordFile(file.name);
    const summary = id === undefined ? undefined : summaries.get(id);
    if (summary) records.set(summary.id, {path: file.path, summary, bytes: file.bytes});
    else if (id !== undefined) {
      const entry = await readFileEntry(file.path, id);
      if (entry && "olderVersion" in entry) older.push(file);
      else if (store.readOnly && entry && "problem" in entry && entry.isMovable) damaged.push(file);
      else unusable.push(file);
    } else if (!isOurs(file)) foreign.push(file);
  }
  return {
    records,
    older,
    unusable,
    setAside: [...(await filesIn(join(store.folder, setAsideFolder))), ...damaged],
    leftBehind: await leftBehind(store.folder),
    checkpoints: await checkpointsIn(store.folder),
    foreign,
  };
}

async function checkpointsIn(storeFolder: string): Promise<StoredCheckpoint[]> {
  const files = await filesIn(join(storeFolder, unfinishedFolder));
  return files.flatMap((file) => {
    const run = runOfCheckpoint(file.name);
    return run ? [{run, file}] : [];
  });
}

const ownFolders = [setAsideFolder, unfinishedFolder, "failed"];

const isOurs = ({name, isFolder}: StoreFile): boolean =>
  isFolder ? ownFolders.includes(name) : name === indexFileName || isTemporary(name);
