import {type ChildProcess, spawn} from "node:child_process";
import {statSync} from "node:fs";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {failure} from "../../src/errors.js";
import {startFramework} from "./framework.js";
import {freePort} from "./free-port.js";
import type {Output} from "./outputs.js";
import {projectRoot} from "./project.js";
import {runLoaders} from "./run-loaders.js";
import {seedCache} from "./seed-cache.js";
import {filesBelow} from "./source-files.js";

/** Folders that datasets depend on. Pages and what they import are Framework's to watch. */
const watchedFolders = [
  "data/settings",
  "data/corpora",
  "src",
  "loaders",
  "docs/components",
  "docs/embed",
  "docs/charts",
];

/** Loaders are touched to make Framework run them, which must not look like a change. */
const isLoader = (file: string): boolean => /\.\w+\.ts$/.test(file);

/** Milliseconds between looks at the watched files; a change has to hold still for as long. */
const pollInterval = 300;

interface DevOptions {
  /** Address to listen on. */
  readonly host: string;
  /** Without one, the first that is free from 3000 on. */
  readonly port?: number;
  /** Whether to open the reader's browser. */
  readonly open: boolean;
  /** Environment of the loaders. */
  readonly env: NodeJS.ProcessEnv;
  /** Command line, after `node`, of the program that brings the datasets up to date. */
  readonly refresh: readonly string[];
  /** The files that loaders write. */
  readonly outputs: () => Promise<readonly Output[]>;
  readonly log?: (line: string) => void;
}

/**
 * Serves the site while it is worked on, until interrupted. A change of settings, corpora, engine or loaders makes what
 * depends on it be computed again, and the open page follow; while something is wrong with them, the old data stays.
 */
export async function devSite({
  host,
  port,
  open,
  env,
  refresh,
  outputs,
  log = console.error,
}: DevOptions): Promise<void> {
  const usedPort = await freePort(host, port);
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());
  const refresher = restartable(() =>
    spawn(process.execPath, refresh, {cwd: projectRoot, detached: true, stdio: "inherit"}),
  );
  interrupted.signal.addEventListener("abort", refresher.stop);

  let seen = fingerprint();
  const code = await refresher.start();
  if (interrupted.signal.aborted) return;
  if (code !== 0) throw failure("the site is not shown, since its datasets could not be made");
  await seedCache({log});

  const address = ["--host", host, "--port", String(usedPort), ...(open ? [] : ["--no-open"])];
  const preview = startFramework(["preview", ...address], {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({input: preview.stdout!}).on("line", (line) => {
    if (/^↳ http/.test(line)) {
      log(`http://${host}:${usedPort}/ (Ctrl-C ends)`);
      computeAhead().catch(() => {}); // the refresher says what is wrong with settings
    }
    if (/^load .* error in \d+ms/.test(line)) log(line);
  });

  // Framework runs a loader when its page is first opened, one after the other: a minute for some pages.
  const changed = new AbortController();
  const computeAhead = async () => {
    const signal = AbortSignal.any([changed.signal, interrupted.signal]);
    await runLoaders(await outputs(), {env, signal, inBackground: true, log: () => {}});
  };

  let last = seen;
  const watch = setInterval(() => {
    const now = fingerprint();
    if (now === last && now !== seen) {
      seen = now;
      changed.abort(); // what is being computed is no longer asked
      refresher.start();
    }
    last = now;
  }, pollInterval);

  await new Promise<void>((resolve) => {
    preview.once("exit", resolve);
    interrupted.signal.addEventListener("abort", () => endGroup(preview));
  });
  clearInterval(watch);
  refresher.stop();
  if (!interrupted.signal.aborted) throw failure("the preview ended by itself");
}

/** Modification times and names of everything watched. */
function fingerprint(): string {
  return watchedFolders
    .flatMap((folder) => filesBelow(join(projectRoot, folder), [".ts", ".yaml", ".json", ".txt"]))
    .filter((file) => !isLoader(file))
    .map((file) => `${file} ${statSync(file, {throwIfNoEntry: false})?.mtimeMs}`)
    .join("\n");
}

/** A program of which at most one copy runs: starting it again ends the one before. */
function restartable(run: () => ChildProcess) {
  let child: ChildProcess | undefined;
  let exit: Promise<number | null> = Promise.resolve(null);
  let starts = 0;
  return {
    /** Resolves to the exit code; null when it was ended from outside. */
    async start(): Promise<number | null> {
      const start = ++starts;
      endGroup(child);
      await exit;
      if (start !== starts) return null;
      child = run();
      exit = new Promise((resolve) => child!.once("exit", resolve));
      return exit;
    },
    stop() {
      starts++;
      endGroup(child);
    },
  };
}

/** Ends a program together with those it started. */
function endGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch {
    // It is gone already.
  }
}
