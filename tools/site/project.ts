import {relative} from "node:path";
import {packageFolder} from "../../src/training/folders.js";

/** Top folder of the project whose site this is. */
export const projectRoot = packageFolder;

/** Where Framework keeps what loaders wrote and the browser packages. */
export const cacheFolder = "docs/.observablehq/cache";

/** A path as people know it: from the top of the project, with forward slashes. */
export const projectPath = (file: string, root = projectRoot): string =>
  relative(root, file).replaceAll("\\", "/");
