import {createWriteStream, rmSync} from "node:fs";
import {open, realpath, rename, stat} from "node:fs/promises";
import {pipeline} from "node:stream/promises";
import {BitscapeError} from "../errors.js";
import {fileFailure} from "./file-failure.js";

type Chunks = AsyncIterable<Uint8Array>;

/** Writes to stdout, which stays open. */
export async function writeToStdout(chunks: Chunks): Promise<void> {
  await pipeline(chunks, process.stdout, {end: false});
}

/**
 * Writes a file that appears only when it is complete: to a temporary file beside it, which is then renamed. When
 * anything fails, or the process is interrupted, the temporary file is removed. Devices and pipes are written directly.
 *
 * @throws a failure that names the file; a BitscapeError of `chunks` passes through
 */
export async function writeFileAtomically(path: string, chunks: Chunks): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  try {
    if (existing && !existing.isFile()) await pipeline(chunks, createWriteStream(path));
    else await writeAndRename(existing ? await realpath(path) : path, chunks);
  } catch (error) {
    throw error instanceof BitscapeError ? error : fileFailure("cannot write", path, error);
  }
}

async function writeAndRename(path: string, chunks: Chunks): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const remove = () => rmSync(temporary, {force: true});
  const interrupt = () => {
    remove();
    process.exit(130);
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    // Opened before anything can fail, so that nothing creates the file once it has been removed.
    const handle = await open(temporary, "wx");
    try {
      for await (const chunk of chunks) await handle.writeFile(chunk);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    remove();
    throw error;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
