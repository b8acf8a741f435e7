import {CommanderError} from "commander";
import {vi} from "vitest";
import {createProgram} from "../../src/cli/program.js";
import {BitscapeError} from "../../src/errors.js";

export interface InProcessOutcome {
  readonly code: number;
  readonly stdout: string;
  /** What was written to stderr, and the message of the error that ended the command. */
  readonly stderr: string;
}

/** The command line without a process of its own, for the many cases that need none. */
export async function inProcess(args: readonly string[]): Promise<InProcessOutcome> {
  const written = {stdout: "", stderr: ""};
  const keep = (name: "stdout" | "stderr") =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  const spies = [keep("stdout"), keep("stderr")];
  try {
    await createProgram().parseAsync(["node", "bitscape", ...args]);
    return {code: 0, ...written};
  } catch (error) {
    if (error instanceof CommanderError) return {...written, code: error.exitCode === 0 ? 0 : 2};
    if (!(error instanceof BitscapeError)) throw error;
    return {...written, code: error.exitCode, stderr: `${written.stderr}bitscape: ${error.message}\n`};
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
