import {randomUUID} from "node:crypto";
import {hostname} from "node:os";
import {basename, dirname, join} from "node:path";

/** What a name without a living or dead process to ask for may have lived before it counts as left over. */
const longestWrite = 24 * 60 * 60 * 1000;

const host = hostname().replaceAll(/[^\w-]/g, "-") || "host";

/** A new hidden name beside `file`, which says what process it belongs to. */
export const temporaryFile = (file: string): string =>
  join(dirname(file), `.${basename(file)}.${host}.${process.pid}.${randomUUID()}.tmp`);

/** Whether a file name has the form that `temporaryFile` gives. */
export const isTemporary = (name: string): boolean => /^\..*\.[0-9a-f]{8}-[0-9a-f-]{27}\.tmp$/.test(name);

/**
 * Whether a temporary file was left behind by a process that was killed. Of processes on other computers nobody knows;
 * theirs count as left behind a day after they were last written.
 * @param modified milliseconds since 1970
 */
export function isLeftBehind(name: string, modified: number): boolean {
  const [, owner, pid] = /\.([\w-]+)\.(\d+)\.[0-9a-f-]{36}\.tmp$/.exec(name) ?? [];
  return owner === host ? !isAlive(Number(pid)) : Date.now() - modified > longestWrite;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another user's
  }
}
