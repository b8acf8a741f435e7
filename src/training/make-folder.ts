import {mkdir, stat} from "node:fs/promises";
import {dirname} from "node:path";
import {isMissing} from "./file-problem.js";

/**
 * Makes a folder and those above it, as far as they are missing. Node's own `recursive` never returns below a folder
 * that refuses with ENOENT, such as /proc, and hides the reason below a read-only one.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    if (!isMissing(error) || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!(await isFolder(folder))) throw error;
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
