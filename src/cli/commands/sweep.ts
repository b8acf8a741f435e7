import type {Command} from "commander";
import {usageError} from "../../errors.js";
import {addSetOption} from "../set-option.js";

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
    .option("--quick", "only the runs of the settings file's quick size")
    .option("--dry-run", "list the runs and whether they are finished, and compute nothing")
    .option("--publish", "also write the records to data/sweeps, where the site finds them")
    .option("--json", "one JSON record for each run");
  addSetOption(command, "width=64,128").action(async (name, options) =>
    (await import("../sweep.js")).sweep(name, options),
  );
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (/^\d+$/.test(text) && workers >= 1 && workers <= 1024) return workers;
  throw usageError(`--workers ${text}: expected a whole number from 1 to 1024`);
}
