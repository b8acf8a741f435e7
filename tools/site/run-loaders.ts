import {spawn} from "node:child_process";
import {createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync} from "node:fs";
import {availableParallelism, constants, setPriority} from "node:os";
import {dirname, join} from "node:path";
import {pipeline} from "node:stream/promises";
import {frameworkEnvironment} from "./framework.js";
import type {Output} from "./outputs.js";
import {cacheFolder, projectRoot} from "./project.js";
import {filesBelow} from "./source-files.js";

interface RunLoadersOptions {
  readonly root?: string;
  /** Environment of the loaders. */
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
  /** Ends the loaders that run, and starts no other. */
  readonly signal?: AbortSignal;
  /** Whether everything else on this machine goes before the loaders. */
  readonly inBackground?: boolean;
}

/**
 * Writes the outputs that pages name and the cache lacks, with as many loaders at once as there are cores; Framework
 * would run one after the other. A loader that fails leaves nothing: Framework runs it again, and its error is told.
 */
export async function runLoaders(
  outputs: readonly Output[],
  {root = projectRoot, log = console.error, ...options}: RunLoadersOptions = {},
): Promise<void> {
  const pages = filesBelow(join(root, "docs"), [".md"]).map((page) => readFileSync(page, "utf8"));
  const missing = outputs.filter(
    ({path}) =>
      pages.some((page) => page.includes(`"./${path}"`)) && !existsSync(join(root, cacheFolder, path)),
  );
  if (missing.length === 0) return;
  log("computing the data of the pages");
  const waiting = missing.values();
  const work = async () => {
    for (const output of waiting) {
      if (options.signal?.aborted) return;
      await runLoader(output, root, options);
    }
  };
  await Promise.all(Array.from({length: availableParallelism()}, work));
}

async function runLoader(
  {path, loader, parameters = []}: Output,
  root: string,
  {env, signal, inBackground}: RunLoadersOptions,
): Promise<void> {
  const file = join(root, cacheFolder, path);
  const temporary = `${file}.${process.pid}`;
  mkdirSync(dirname(file), {recursive: true});
  const child = spawn("tsx", [loader, ...parameters], {
    cwd: root,
    env: frameworkEnvironment(env),
    stdio: ["ignore", "pipe", "ignore"],
    signal,
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.on("error", () => {}); // aborted, or not to be started: it closes with another code than 0
  try {
    if (inBackground && child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const written = pipeline(child.stdout, createWriteStream(temporary));
    const [code] = await Promise.all([closed, written]);
    if (code === 0) renameSync(temporary, file);
  } catch {
    // Framework meets the same obstacle, and says so.
  } finally {
    rmSync(temporary, {force: true});
  }
}
