import {readFile, rename, stat} from "node:fs/promises";
import {join} from "node:path";
import {failure} from "../../errors.js";
import {fileProblem, isMissing} from "../file-problem.js";
import {projectFolder} from "../folders.js";
import {cacheFailure, type DownloadEffects, download} from "./download.js";
import {contentProblem, type TextSource} from "./text-source.js";

export interface ReadTextEffects extends DownloadEffects {
  /** Where `BITSCAPE_CORPORA` and `BITSCAPE_CACHE` are looked up. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Receives a line about a file that was found corrupt. */
  readonly warn?: (line: string) => void;
}

/**
 * The bytes of a text, verified: from the folder that `BITSCAPE_CORPORA` names, else from the cache, else downloaded
 * into the cache (`BITSCAPE_CACHE`, or `.bitscape/corpora` in the project).
 * @throws a one-line error when none of them has the right content
 */
export async function readText(
  source: TextSource & {readonly address: string},
  effects: ReadTextEffects = {},
): Promise<Uint8Array> {
  const {BITSCAPE_CORPORA, BITSCAPE_CACHE} = effects.environment ?? process.env;
  const provided = BITSCAPE_CORPORA ? await readProvided(source, BITSCAPE_CORPORA) : undefined;
  if (provided) return provided;

  const cache = BITSCAPE_CACHE || join(projectFolder(), ".bitscape/corpora");
  const file = join(cache, `${source.sha256.slice(0, 16)}-${source.file}`);
  const cached = await readCached(source, file, effects);
  if (cached) return cached;

  await download(source, file, effects);
  return readVerified(source, file);
}

/** The bytes of a file, verified. */
export async function readVerified(source: TextSource, file: string): Promise<Uint8Array> {
  const content = await readIfThere(file);
  if (!content) throw failure(`corpus ${source.name} is missing: there is no file ${file}`);
  const problem = contentProblem(content, source);
  if (problem) throw failure(`${file} is not corpus ${source.name}: it ${problem}`);
  return content;
}

/** From a folder that the user set up: nothing there is changed, and a wrong file is an error. */
async function readProvided(source: TextSource, folder: string): Promise<Uint8Array | undefined> {
  for (const name of [source.file, "input.txt"]) {
    const file = join(folder, name);
    if (await isThere(file)) return readVerified(source, file);
  }
  if (await isThere(folder)) return undefined;
  throw failure(`BITSCAPE_CORPORA names ${folder}, which does not exist`);
}

/** From the cache, where a corrupt file is set aside. */
async function readCached(
  source: TextSource,
  file: string,
  {warn = console.error}: ReadTextEffects,
): Promise<Uint8Array | undefined> {
  const content = await readIfThere(file);
  const problem = content && contentProblem(content, source);
  if (!problem) return content;
  const aside = `${file}.set-aside`;
  try {
    await rename(file, aside);
  } catch (error) {
    throw cacheFailure(join(file, ".."), error);
  }
  warn(`${file} is not corpus ${source.name}: it ${problem}; it is set aside as ${aside} and fetched again`);
  return undefined;
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw failure(`cannot read ${file}: ${fileProblem(error)}`);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw failure(`cannot read ${path}: ${fileProblem(error)}`);
  }
}
