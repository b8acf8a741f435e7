import {type Command, Option} from "commander";
import {resultTables} from "../../sweeps/result-tables.js";
import {addSetOption} from "../set-option.js";

/** Adds the commands about results to `sweep`: what there is, tables of it, two runs side by side, and what can go. */
export function registerStoreCommands(sweep: Command): void {
  sweep
    .command("status")
    .summary("how far sweeps are, and what lies in the store")
    .description(
      "Says of one settings file, or of all, which runs are finished, published, missing or failed.\n" +
        "Superseded are records by another engine, or from before a setting was added: kept, and not used.",
    )
    .argument("[SETTINGS]", "name of a file in data/settings, or a path; without it, all of them")
    .option("--json", "as JSON")
    .action(async (name, options) => (await import("../sweep-status.js")).showStatus(name, options));
  const exporting = sweep
    .command("export")
    .summary("write results as a table")
    .description(
      "Writes what came of a sweep as a table: a row for each run with all of its settings, for each step with those in " +
        "which the runs differ, or for each cast after training.\nPublished records stand for runs that the store lacks.",
    )
    .argument("<SETTINGS>", "name of a file in data/settings, or a path")
    .argument("[OUT]", "a file; standard output if left out")
    .addOption(new Option("--table <name>", "what has a row").choices(resultTables).default("runs"))
    .addOption(
      new Option("--format <name>", "default: what the name of the file says, else csv").choices([
        "arrow",
        "csv",
      ]),
    );
  addSetOption(exporting, "seed=1").action(async (name, out, options) =>
    (await import("../sweep-export.js")).exportSweep(name, out, options),
  );
  sweep
    .command("diff")
    .summary("where two runs differ")
    .description(
      "Compares two runs of the store or of published sweeps: settings, losses, where the curves part, and what casts " +
        "made of tensors that both probed.",
    )
    .argument("<A>", "id of a run, or its first digits")
    .argument("<B>", "id of another")
    .option("--json", "as JSON")
    .action(async (a, b, options) => (await import("../sweep-diff.js")).diffRuns(a, b, options));
  sweep
    .command("gc")
    .summary("remove what the store can do without")
    .description(
      "Removes what killed processes left half-written, files that were set aside, failures and checkpoints of runs " +
        "that are finished by now, and checkpoints of other engines.\n" +
        "Finished runs stay; --other-engines also removes those of engines other than today's.",
    )
    .option("--dry-run", "list the files and remove nothing")
    .option("--other-engines", "also the records of other engines and earlier versions")
    .option("--json", "as JSON")
    .action(async (options) => (await import("../sweep-gc.js")).collectGarbage(options));
}
