import {hash} from "node:crypto";
import {readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import {deserialize, serialize} from "node:v8";
import type {RunCheckpoint} from "../training/run.js";
import type {RunRecord} from "../training/run-record.js";
import type {Checkpoints} from "../training/train-run.js";
import {writeAtomically} from "../training/write-atomically.js";

/** Name of the folder of a store for runs that are not finished. */
export const unfinishedFolder = "unfinished";

/** Where runs keep checkpoints, and how often. */
export interface CheckpointPlace {
  readonly storeFolder: string;
  /** Milliseconds of training between two; a run that takes less has none. */
  readonly interval?: number;
}

/** Whose checkpoint it is. */
export type CheckpointedRun = Pick<RunRecord, "id" | "engine">;

const checkpointFile = (storeFolder: string, {id, engine}: CheckpointedRun): string =>
  join(storeFolder, unfinishedFolder, `${id}-${engine}.checkpoint`);

/** The run whose checkpoint a file holds by its name. */
export function runOfCheckpoint(name: string): CheckpointedRun | undefined {
  const [, id, engine] = /^([0-9a-f]{20})-(\w+)\.checkpoint$/.exec(name) ?? [];
  return id === undefined ? undefined : {id, engine};
}

export async function removeCheckpoint(storeFolder: string, run: CheckpointedRun): Promise<void> {
  await rm(checkpointFile(storeFolder, run), {force: true}).catch(() => {});
}

/**
 * The checkpoint of a run in a store. Its id stands for the settings and for the engine: what is found under it fits. A
 * file that is not what was written is removed, and the run begins anew; a checkpoint that
 * cannot be written costs no more than that either.
 */
export function checkpointFiles(
  {storeFolder, interval = 30_000}: CheckpointPlace,
  run: CheckpointedRun,
): Checkpoints {
  const file = checkpointFile(storeFolder, run);
  return {
    interval,
    async load() {
      const content = await readFile(file).catch(() => undefined);
      const checkpoint = content && readCheckpoint(content);
      if (content && !checkpoint) await removeCheckpoint(storeFolder, run);
      return checkpoint;
    },
    async save(checkpoint) {
      const content = serialize(checkpoint); // JSON knows neither NaN nor -0
      const write = writeAtomically(file, async (handle) => {
        await handle.writeFile(hashOf(content));
        await handle.writeFile(content);
      });
      await write.catch(() => {});
    },
  };
}

const hashBytes = 32;

function readCheckpoint(file: Buffer): RunCheckpoint | undefined {
  const content = file.subarray(hashBytes);
  return hashOf(content).equals(file.subarray(0, hashBytes)) ? deserialize(content) : undefined;
}

const hashOf = (content: Buffer): Buffer => hash("sha256", content, "buffer");
