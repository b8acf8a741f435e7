import {type Command, Option} from "commander";
import {usageError} from "../../errors.js";
import type {Shard} from "../../sweeps/shard.js";
import {parseCount} from "../parse-count.js";
import {addRedisOptions} from "../redis-options.js";
import {addSetOption} from "../set-option.js";
import {registerStoreCommands} from "./sweep-store.js";

export function register(program: Command): void {
  const command = program
    .command("sweep")
    .summary("pretrain all models of a settings file")
    .description(
      "Trains every model that a settings file describes and prints what came of each.\n" +
        "Finished runs are kept in the run store and not computed again; an interrupted sweep goes on where it was. " +
        "Published results are not taken for computed ones, so that anyone can repeat them.",
    )
    .argument("<SETTINGS>", "name of a file in data/settings, or a path")
    .option("--workers <number>", "runs at once (default: one for each core)", parseWorkers)
    .option("--keep-going", "compute the other runs when one has failed (default)")
    .addOption(new Option("--fail-fast", "stop everything when a run has failed").conflicts("keepGoing"))
    .option("--retries <number>", "tries again for a run whose worker was lost (default: 2)", parseRetries)
    .option("--shard <i/n>", "only this part of the runs, as in 1/8; the parts together are all", parseShard)
    .option("--grace <seconds>", "time for the runs in flight after SIGTERM", parseGrace, 20)
    .option("--quick", "only the runs of the settings file's quick size")
    .option("--dry-run", "list the runs and whether they are finished, and compute nothing")
    .option("--publish", "also write the records to data/sweeps, where the site finds them")
    .option("--json", "one JSON object for each run as it is finished");
  addRedisOptions(command);
  command.enablePositionalOptions();
  registerStoreCommands(command);
  addSetOption(command, "width=64,128").action(async (name, options) =>
    (await import("../sweep.js")).sweep(name, options),
  );
}

const parseWorkers = (text: string): number => parseCount("--workers", text, 1, 1024);
const parseRetries = (text: string): number => parseCount("--retries", text, 0, 100);
const parseGrace = (text: string): number => parseCount("--grace", text, 0, 86_400);

function parseShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count) return {index, count};
  throw usageError(`--shard ${text}: expected i/n with i from 1 to n, as in 1/8`);
}
