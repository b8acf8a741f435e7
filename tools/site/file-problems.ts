import {failure} from "../../src/errors.js";
import {fileProblem} from "../../src/training/file-problem.js";

/** Does the work; a file that cannot be read or written ends it with one line that names the file. */
export async function namingFiles<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const {syscall, path} = error as NodeJS.ErrnoException;
    if (syscall === undefined || path === undefined) throw error;
    throw failure(`cannot use ${path}: ${fileProblem(error)}`);
  }
}
