import {existsSync} from "node:fs";
import {rename} from "node:fs/promises";
import {basename, dirname, extname, join} from "node:path";
import {fileProblem, isMissing} from "../training/file-problem.js";
import {makeFolder} from "../training/make-folder.js";

/** Name of the folder for files of a store that are not what their names say. */
export const setAsideFolder = "set-aside";

export type SetAside =
  | {readonly file: string; readonly putBack: () => Promise<void>}
  /** It is gone where another process was faster. */
  | {readonly problem: string; readonly isGone: boolean};

/** Moves a file of a store out of the way, beside what was moved before under its name. */
export async function setAside(file: string): Promise<SetAside> {
  const aside = freeName(join(dirname(file), setAsideFolder, basename(file)));
  try {
    await makeFolder(dirname(aside));
    await rename(file, aside);
  } catch (error) {
    return {problem: fileProblem(error), isGone: isMissing(error)};
  }
  return {file: aside, putBack: () => rename(aside, file)};
}

function freeName(file: string): string {
  const [stem, extension] = [file.slice(0, -extname(file).length), extname(file)];
  let free = file;
  for (let n = 2; existsSync(free); n++) free = `${stem}-${n}${extension}`;
  return free;
}
