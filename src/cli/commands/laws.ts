import type {Command} from "commander";

export function register(program: Command): void {
  program
    .command("laws")
    .summary("list the scaling laws, or describe one")
    .description(
      "Without NAME lists the laws that can be fitted. With NAME tells the formula of one, its constants with bounds, and " +
        "what has been published of them, with the range that they were fitted on.",
    )
    .argument("[NAME]", "law to describe")
    .option("--json", "machine-readable")
    .action(async (name, options) => (await import("../laws.js")).showLaws(name, options));
}
