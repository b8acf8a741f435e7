import {type FileHandle, open, rename, rm} from "node:fs/promises";
import {dirname} from "node:path";
import {makeFolder} from "./make-folder.js";
import {temporaryFile} from "./temporary-file.js";

/**
 * Creates or replaces `file` with what `write` writes. Readers see the old content or the whole new one; when anything
 * fails, nothing is left behind. The content is on disk before it gets its name.
 */
export async function writeAtomically(
  file: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  await makeFolder(dirname(file));
  const temporary = temporaryFile(file);
  const handle = await open(temporary, "wx");
  try {
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, {force: true});
    throw error;
  }
}
