import {execFileSync} from "node:child_process";
import {mkdirSync, readdirSync, rmSync} from "node:fs";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import {indexFileName} from "../../src/sweeps/run-index.js";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {sampleRecord, sampleSettings} from "./sample.js";

/** A file system of its own with room for so many kilobytes, or undefined where nobody may mount one. */
function smallDisk(kilobytes: number): string | undefined {
  const folder = join(temporaryFolder(), "disk");
  mkdirSync(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder], {stdio: "ignore"});
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
  });
  return folder;
}

it("a full disk is told of in one line, loses no finished run, and leaves nothing half-written", async ({
  skip,
}) => {
  const folder = smallDisk(128);
  if (folder === undefined) return skip("a file system cannot be mounted here, as only root may");
  const warnings: string[] = [];
  const store = openRunStore({folder, warn: (line) => warnings.push(line)});
  const records = Array.from({length: 100}, (_, seed) => sampleRecord(sampleSettings({seed})));
  const kept: typeof records = [];
  let error: Error | undefined;
  for (const record of records) {
    try {
      await store.put(record);
      kept.push(record);
    } catch (thrown) {
      error ??= thrown as Error;
    }
  }
  expect(error?.message).toBe(
    `cannot write to the run store ${folder}: the disk is full; BITSCAPE_STORE can name another folder`,
  );
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.length).toBeLessThan(100);
  const reopened = openRunStore({folder, warn: (line) => warnings.push(line)});
  for (const record of kept) expect(await reopened.get(record.id)).toEqual(record);
  expect([...(await reopened.summaries(records.map(({id}) => id))).keys()]).toEqual(kept.map(({id}) => id));
  expect(readdirSync(folder).filter((name) => name !== indexFileName)).toHaveLength(kept.length);
  expect(warnings).toEqual([]);

  for (const {id} of kept.slice(0, 3)) rmSync(join(folder, `${id}.json`));
  await reopened.checkWritable();
  await reopened.put(kept[0]);
  expect(await openRunStore({folder}).summary(kept[0].id)).toMatchObject({id: kept[0].id});
});
