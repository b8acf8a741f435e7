import {existsSync, statSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {makeFolder} from "../../src/training/make-folder.js";
import {temporaryFolder} from "../support/temporary-folder.js";

it("makeFolder(folder) makes what is missing, and again changes nothing", async () => {
  const folder = join(temporaryFolder(), "a/b/c");
  await makeFolder(folder);
  await makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
});

it.skipIf(!existsSync("/proc/self"))("makeFolder(folder) gives up where no folder can be made", async () => {
  await expect(makeFolder("/proc/bitscape/runs")).rejects.toThrow("ENOENT");
});
