import {rm} from "node:fs/promises";
import {join} from "node:path";
import {isLeftBehind, isTemporary} from "../training/temporary-file.js";
import {unfinishedFolder} from "./checkpoint-files.js";
import {filesIn, type StoreFile} from "./store-files.js";

/** Folders of a store in which files are written: records, failures and checkpoints. */
const written = ["", "failed", unfinishedFolder];

/** Temporary files that killed processes left in a store, half-written. */
export async function leftBehind(folder: string): Promise<StoreFile[]> {
  const files = await Promise.all(written.map((part) => filesIn(join(folder, part))));
  return files.flat().filter(({name, modified}) => isTemporary(name) && isLeftBehind(name, modified));
}

/** Removes them. Where that is not possible they stay, and do no harm. */
export async function removeLeftBehind(folder: string): Promise<void> {
  for (const {path} of await leftBehind(folder)) await rm(path, {force: true}).catch(() => {});
}
