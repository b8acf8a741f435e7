import {readdirSync} from "node:fs";
import {extname, join} from "node:path";

/**
 * The files below a folder, sorted; with `extensions`, only those that end so. Symbolic links (docs/src, docs/loaders),
 * hidden folders and node_modules are not entered.
 */
export function filesBelow(folder: string, extensions?: readonly string[]): string[] {
  return readdirSync(folder, {withFileTypes: true})
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return isSourceFolder(entry.name) ? filesBelow(path, extensions) : [];
      return entry.isFile() && (extensions?.includes(extname(entry.name)) ?? true) ? [path] : [];
    })
    .sort();
}

const isSourceFolder = (name: string): boolean => !name.startsWith(".") && name !== "node_modules";
