import type {Command} from "commander";
import {parseCount} from "../parse-count.js";
import {addRedisOptions} from "../redis-options.js";

/** `bitscape worker`: computes the runs of sweeps on other machines. */
export function register(program: Command): void {
  const command = program
    .command("worker")
    .summary("compute runs for sweeps on other machines")
    .description(
      "Computes runs that `bitscape sweep --redis` submits, from any machine that reaches the same Redis.\n" +
        "Workers join and leave at any time: Ctrl-C finishes the runs in flight, a second one gives them back. The runs of a worker that is lost are taken up by others. Every record is kept in the worker's own store " +
        "too (BITSCAPE_STORE). Worker and sweep must be of one version of Bitscape. Whoever can write to the Redis can give " +
        "this machine work, and have it fetch texts: let it be one of your own.",
    );
  addRedisOptions(command, {isRequired: true})
    .option("--workers <number>", "runs at once (default: one for each core)", parseWorkers)
    .option("--idle-exit <seconds>", "end after so many seconds without a run", parseIdleExit)
    .option("--grace <seconds>", "time for the runs in flight after SIGTERM", parseGrace, 20)
    .option(
      "--lease <seconds>",
      "its runs go to others after so many seconds without a sign of life",
      parseLease,
      30,
    )
    .action(async (options) => (await import("../worker.js")).serve(options));
}

const parseWorkers = (text: string): number => parseCount("--workers", text, 1, 1024);
const parseIdleExit = (text: string): number => parseCount("--idle-exit", text, 0, 31_536_000);
const parseGrace = (text: string): number => parseCount("--grace", text, 0, 86_400);
const parseLease = (text: string): number => parseCount("--lease", text, 1, 86_400);
