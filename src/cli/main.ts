import {CommanderError} from "commander";
import {BitscapeError} from "../errors.js";
import {createProgram} from "./program.js";

// Whoever read our output has seen enough, as in `bitscape formats | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// A terminal that was closed takes no more text; what is being computed goes on until it is in the store.
process.stderr.on("error", () => {});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says on stderr what went wrong, unless it has been said. @returns the exit code */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof BitscapeError) {
    console.error(`bitscape: ${error.message}`);
    return error.exitCode;
  }
  console.error(error); // a defect of ours: with its stack
  return 1;
}
