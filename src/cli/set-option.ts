import type {Command} from "commander";

/** Adds `--set key=value`, which can be given many times; the action receives `set`, a list of the texts. */
export function addSetOption(command: Command, example: string): Command {
  const collect = (value: string, earlier: readonly string[]) => [...earlier, value];
  return command.option("--set <key=value>", `replace a setting, as in ${example} (repeatable)`, collect, []);
}
