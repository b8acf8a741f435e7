import {createHash} from "node:crypto";
import {mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {cacheFolder} from "./project.js";

/** A file of the site that a loader writes. */
export interface Output {
  /** Path below the source root, for example `loaders/variance.arrow`. */
  readonly path: string;
  /** The loader, from the top of the project. */
  readonly loader: string;
  /** What the loader is called with. */
  readonly parameters?: readonly string[];
  /** Names everything that the content depends on. */
  readonly key: string;
}

/** Keys of the outputs as they lie in the cache, by path. */
type Manifest = Readonly<Record<string, string>>;

const manifestFile = (root: string): string => join(root, cacheFolder, "_keys.json");

/** The outputs that the cache holds as made from something else, or from nobody knows what. */
export function staleOutputs(outputs: readonly Output[], root: string): Output[] {
  const known = readManifest(root);
  return outputs.filter(({path, key}) => known[path] !== key);
}

/** Makes Framework write the outputs anew: removes the cached files and records the keys of those to come. */
export function invalidate(outputs: readonly Output[], root: string): void {
  for (const {path} of outputs) rmSync(join(root, cacheFolder, path), {force: true});
  const manifest = {...readManifest(root), ...Object.fromEntries(outputs.map(({path, key}) => [path, key]))};
  mkdirSync(join(root, cacheFolder), {recursive: true});
  writeFileSync(manifestFile(root), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Touches the loaders: an open preview takes it as the sign to run them and hands the result to the page. */
export function touchLoaders(outputs: readonly Output[], root: string): void {
  const now = new Date();
  for (const {loader} of outputs) utimesSync(join(root, loader), now, now);
}

/** One key from everything that an output depends on. */
export const outputKey = (...parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 20);

function readManifest(root: string): Manifest {
  try {
    return JSON.parse(readFileSync(manifestFile(root), "utf8"));
  } catch {
    return {};
  }
}
