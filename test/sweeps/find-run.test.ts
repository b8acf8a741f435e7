import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {findRun} from "../../src/sweeps/find-run.js";
import {publish} from "../../src/sweeps/published.js";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {sampleRecord, sampleSettings} from "./sample.js";

const records = Array.from({length: 40}, (_, seed) => sampleRecord(sampleSettings({seed})));

async function twoPlaces() {
  const folder = temporaryFolder();
  const store = openRunStore({folder: join(folder, "runs"), warn: () => {}});
  for (const record of records.slice(0, 20)) await store.put(record);
  await publish("some", records.slice(10), folder);
  return {store, folder};
}

it("findRun(prefix) finds runs of the store, then of published sweeps, by as many digits as are needed", async () => {
  const {store, folder} = await twoPlaces();
  for (const [index, {id}] of [...records.entries()].filter(([index]) => index % 5 === 0)) {
    const found = await findRun(id.slice(0, 12), store, folder);
    expect([found.record.id, found.published]).toEqual([id, index < 20 ? null : "some"]);
    expect((await findRun(id, store, folder)).record.id).toBe(id);
  }
});

it("findRun(prefix) refuses one that fits several runs, or none, or is no id", async () => {
  const {store, folder} = await twoPlaces();
  const first = [..."0123456789abcdef"].find(
    (digit) => records.filter(({id}) => id.startsWith(digit)).length > 1,
  )!;
  const count = records.filter(({id}) => id.startsWith(first)).length;
  await expect(findRun(first, store, folder)).rejects.toThrow(`${count} runs begin with ${first}: ${first}`);
  await expect(findRun("0".repeat(20), store, folder)).rejects.toThrow("no run of the store");
  await expect(findRun("recipes", store, folder)).rejects.toThrow(
    '"recipes" is no run: expected an id of 20',
  );
  writeFileSync(join(store.folder, `${"0".repeat(20)}.json`), "{");
  await expect(findRun("0".repeat(20), store, folder)).rejects.toThrow("has no record that can be read");
});
