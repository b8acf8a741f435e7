import {existsSync} from "node:fs";
import {dirname, join, relative} from "node:path";
import {fileURLToPath} from "node:url";

/** Top folder of the project, found from this module so that it holds for the sources and for the bundle in build/. */
export const projectRoot = findUp("observablehq.config.ts", dirname(fileURLToPath(import.meta.url)));

/** Where Framework keeps what loaders wrote and the browser packages, under the source root. */
export const cacheFolder = "docs/.observablehq/cache";

/** A path as people know it: from the top of the project, with forward slashes. */
export const projectPath = (file: string, root = projectRoot): string =>
  relative(root, file).replaceAll("\\", "/");

function findUp(name: string, folder: string): string {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`${name} not found in any folder above`);
  return findUp(name, parent);
}
