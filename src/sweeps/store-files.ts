import {lstatSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {failure} from "../errors.js";
import {fileProblem, isMissing} from "../training/file-problem.js";

/** A file of a store, or what else lies there. */
export interface StoreFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly isFolder: boolean;
}

/** Name of the file that holds the record of a run. */
export const recordFileName = (id: string): string => `${id}.json`;

/** The run whose record a file holds by its name. */
export const idOfRecordFile = (name: string): string | undefined => /^([0-9a-f]{20})\.json$/.exec(name)?.[1];

/** What lies in a folder, by name; nothing where there is no folder. @throws a one-line error */
export async function filesIn(folder: string): Promise<StoreFile[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw failure(`cannot read the run store: ${folder}: ${fileProblem(error)}`);
  }
  return names.sort().flatMap((name) => describe(join(folder, name), name));
}

/** None when the file is gone by now. */
function describe(path: string, name: string): StoreFile[] {
  const found = lstatSync(path, {throwIfNoEntry: false});
  if (!found) return [];
  return [{path, name, bytes: found.size, modified: found.mtimeMs, isFolder: found.isDirectory()}];
}
