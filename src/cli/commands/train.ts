import type {Command} from "commander";
import {addSetOption} from "../set-option.js";

export function register(program: Command): void {
  const command = program
    .command("train")
    .summary("pretrain one model and print its record")
    .description(
      "Trains one model and prints its record, which is kept in the run store.\n" +
        "A run that the store has already is trained again, and must give the same weights.",
    )
    .argument("[SETTINGS]", "name of a file in data/settings, or a path; without it, the defaults")
    .option("--json", "the whole record as JSON");
  addSetOption(command, "width=192").action(async (name, options) =>
    (await import("../train.js")).train(name, options),
  );
}
