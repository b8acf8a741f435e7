import {spawn} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll} from "vitest";
import {prepare} from "../../tools/prepare.js";

/** What `src/cli/bitscape.js` runs once everything is up to date. */
export const program = fileURLToPath(new URL("../../build/cli.js", import.meta.url));

beforeAll(() => prepare({log: () => {}}));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs the command line as a user does. */
export function bitscape(args: readonly string[], {input = Buffer.alloc(0)} = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args]);
  const collected = {stdout: [] as Buffer[], stderr: [] as Buffer[]};
  child.stdout.on("data", (chunk) => collected.stdout.push(chunk));
  child.stderr.on("data", (chunk) => collected.stderr.push(chunk));
  child.stdin.on("error", () => {}); // a command that reads nothing may be gone already
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const [stdout, stderr] = [collected.stdout, collected.stderr].map((chunks) => Buffer.concat(chunks));
      resolve({code, stdout, stderr: stderr.toString()});
    });
  });
}

/** A folder for the files of one test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bitscape-"));
  afterAll(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}
