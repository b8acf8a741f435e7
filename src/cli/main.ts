import {CommanderError} from "commander";
import {BitscapeError} from "../errors.js";
import {endWithOutput} from "./lost-output.js";
import {createProgram} from "./program.js";

endWithOutput();

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
