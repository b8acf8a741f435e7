import {execFileSync, spawnSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {makeSyntheticSweep} from "./synthetic-store.js";

const program = fileURLToPath(new URL("../cli.js", import.meta.url));

/** Tells how much memory a process has taken at most, in kilobytes, as the last line on stderr. */
const reporter = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write("\\n" + process.resourceUsage().maxRSS))',
)}`;

/** What a command has taken. */
export interface Use {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Commands on a sweep whose runs are all finished. */
export interface FinishedSweep {
  /** Runs `bitscape sweep` with the settings file in place of `SETTINGS`. */
  readonly run: (...args: readonly string[]) => Use;
  readonly remove: () => void;
}

/** Makes a sweep with records of 500 steps each, in a store of its own whose index is up to date. */
export function finishedSweep(runs: number): FinishedSweep {
  const folder = mkdtempSync(join(tmpdir(), "bitscape-bench-"));
  const {settings, store} = makeSyntheticSweep(folder, runs);
  const env = {...process.env, BITSCAPE_STORE: store};
  execFileSync(process.execPath, [program, "sweep", "status", settings], {env, stdio: "ignore"});
  return {
    run(...args) {
      const given = args.map((arg) => (arg === "SETTINGS" ? settings : arg));
      const start = performance.now();
      const {status, stderr} = spawnSync(
        process.execPath,
        ["--import", reporter, program, "sweep", ...given],
        {env, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8"},
      );
      if (status !== 0) throw new Error(`bitscape sweep ${args.join(" ")} failed: ${stderr}`);
      const megabytes = (Number(stderr.slice(stderr.lastIndexOf("\n") + 1)) * 1024) / 1e6;
      return {seconds: (performance.now() - start) / 1000, megabytes};
    },
    remove: () => rmSync(folder, {recursive: true, force: true}),
  };
}
