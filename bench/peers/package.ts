import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {packageFolder} from "../../src/training/folders.js";

export const benchFolder = join(packageFolder, "bench");

/** Resolves from bench/package.json, whose packages are not the project's. */
const fromBench = createRequire(join(benchFolder, "package.json"));

/** Loads a peer's package. It is not installed where the project is type-checked, so the caller states its type. */
export const loadPackage = <Type>(name: string): Type => fromBench(name) as Type;

/** A folder inside a peer's package, with a slash at the end. */
export const folderOfPackage = (name: string, folder: string): string =>
  `${join(dirname(fromBench.resolve(`${name}/package.json`)), folder)}/`;
