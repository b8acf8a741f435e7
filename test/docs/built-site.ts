import {execFile} from "node:child_process";
import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {promisify} from "node:util";
import {projectRoot} from "../../tools/site/project.js";
import {filesBelow} from "../../tools/site/source-files.js";

const output = join(projectRoot, "dist");
const stampFile = join(projectRoot, "build/tested-site.txt");
const lockFolder = join(projectRoot, "build/tested-site.lock");
const sources = ["docs", "src", "loaders", "tools", "data"].map((folder) => join(projectRoot, folder));

/** A build that computes its runs on a slow machine; an older lock was left behind. */
export const buildTimeout = 20 * 60_000;

/**
 * The folder of the site, as `npm run build` leaves it. It is built unless that was done from the present sources;
 * of several test files that ask at once, one builds and the others wait.
 */
export async function builtSite(): Promise<string> {
  await takeLock();
  try {
    if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp()) return output;
    await promisify(execFile)("npm", ["run", "build"], {cwd: projectRoot}).catch(({stdout, stderr}) => {
      throw new Error(`npm run build failed:\n${stdout}${stderr}`);
    });
    writeFileSync(stampFile, stamp());
    return output;
  } finally {
    rmSync(lockFolder, {recursive: true, force: true});
  }
}

async function takeLock(): Promise<void> {
  mkdirSync(join(projectRoot, "build"), {recursive: true});
  for (;;) {
    try {
      return mkdirSync(lockFolder);
    } catch {
      const age = Date.now() - (statSync(lockFolder, {throwIfNoEntry: false})?.mtimeMs ?? Date.now());
      if (age > buildTimeout) rmSync(lockFolder, {recursive: true, force: true});
      await wait(200);
    }
  }
}

/** Names and modification times of everything the site is made from, and of the site. */
function stamp(): string {
  const hash = createHash("sha256");
  for (const folder of [...sources, output]) {
    if (!existsSync(folder)) continue;
    for (const file of filesBelow(folder)) hash.update(`${file} ${statSync(file).mtimeMs}\n`);
  }
  return hash.digest("hex");
}
