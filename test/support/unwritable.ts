import {chmodSync} from "node:fs";

/** Runs `action` while `folder` cannot be written, also where the tests run as root, whom permissions do not stop. */
export async function whileUnwritable<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  chmodSync(folder, 0o555);
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await action();
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(folder, 0o755);
  }
}
