import {existsSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

/** Top folder of Bitscape itself, found from this module so that it holds for the sources and for the bundle in build/. */
export const packageFolder = nearestWith("package.json", dirname(fileURLToPath(import.meta.url)))!;

/** Top folder of the project that a command was started in: that of the nearest package.json, or the folder itself. */
export const projectFolder = (start = process.cwd()): string => nearestWith("package.json", start) ?? start;

function nearestWith(name: string, folder: string): string | undefined {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestWith(name, parent);
}
