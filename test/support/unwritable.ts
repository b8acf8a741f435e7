import {chmodSync} from "node:fs";

/**
 * Runs `action` while `path`, a folder or a file, has only the permissions `mode`, by default none to write; also where
 * the tests run as root, whom permissions do not stop.
 */
export async function whileUnwritable<T>(path: string, action: () => Promise<T>, mode = 0o555): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  chmodSync(path, mode);
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await action();
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(path, 0o755);
  }
}
