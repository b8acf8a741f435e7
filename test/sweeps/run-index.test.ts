import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  promises,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import {syncBuiltinESMExports} from "node:module";
import {join} from "node:path";
import fc from "fast-check";
import {expect, it, vi} from "vitest";
import {indexFileName} from "../../src/sweeps/run-index.js";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {summarize} from "../../src/sweeps/run-summary.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {whileUnwritable} from "../support/unwritable.js";
import {sampleRecord, sampleSettings} from "./sample.js";

const origin = {
  finished: "2026-11-22T20:00:00.000Z",
  machine: {processor: 'a "record": of speed', cores: 2, node: "v20.19.0", platform: "linux x64"},
};
const records = [1, 2, 3, 4].map((seed) => sampleRecord(sampleSettings({seed})));
const ids = records.map(({id}) => id);
const expected = new Map(records.map((record) => [record.id, summarize(record, origin)]));

async function filledStore() {
  const folder = join(temporaryFolder(), "runs");
  const store = openRunStore({folder, warn: () => {}});
  for (const record of records) await store.put(record, origin);
  return {folder, index: join(folder, indexFileName), fileOf: (id: string) => join(folder, `${id}.json`)};
}

const open = (folder: string, warnings: string[] = []) =>
  openRunStore({folder, warn: (line) => warnings.push(line)});

it("summaries(ids) gives what the records say, and nothing of runs that are not there", async () => {
  const {folder} = await filledStore();
  expect(await open(folder).summaries([...ids, "0".repeat(20)])).toEqual(expected);
  expect(await open(folder).summary(ids[0])).toEqual(expected.get(ids[0]));
  expect(await open(folder).summary("0".repeat(20))).toBeUndefined();
});

it("summaries(ids) gives back numbers that JSON does not know", async () => {
  const {folder} = await filledStore();
  const record = {
    ...sampleRecord(sampleSettings({seed: 9})),
    finalTrainingLoss: Number.POSITIVE_INFINITY,
    floor: -0,
  };
  await open(folder).put(record, null);
  expect(await open(folder).summary(record.id)).toEqual(summarize(record, null));
});

it("summaries(ids) reads no record that the index knows, unless its file was touched", async () => {
  const {folder, index, fileOf} = await filledStore();
  const reading = vi.spyOn(promises, "readFile");
  syncBuiltinESMExports();
  const read = () => reading.mock.calls.splice(0).map(([file]) => file);
  expect(await open(folder).summaries(ids)).toEqual(expected);
  expect(read()).toEqual([index]);
  chmodSync(fileOf(ids[2]), 0o600);
  expect(await open(folder).summaries(ids)).toEqual(expected);
  expect(read()).toEqual([index, fileOf(ids[2])]);
  reading.mockRestore();
  syncBuiltinESMExports();
});

it("summaries(ids) is right with an index that was cut off or damaged at any place", async () => {
  const {folder, index} = await filledStore();
  const whole = readFileSync(index);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length),
      fc.option(fc.uint8Array({maxLength: 20}), {nil: undefined}),
      async (place, bytes) => {
        writeFileSync(
          index,
          bytes ? Buffer.concat([whole.subarray(0, place), bytes]) : whole.subarray(0, place),
        );
        expect(await open(folder).summaries(ids)).toEqual(expected);
        expect(await open(folder).summaries(ids)).toEqual(expected);
      },
    ),
    {numRuns: 60},
  );
});

it("summaries(ids) needs no index, and makes one", async () => {
  const {folder, index} = await filledStore();
  rmSync(index);
  expect(await open(folder).summaries(ids)).toEqual(expected);
  expect(readFileSync(index, "utf8")).toContain(ids[3]);
  rmSync(index);
  mkdirSync(index);
  expect(await open(folder).summaries(ids)).toEqual(expected);
});

it("summaries(ids) sees at once that a record was changed after it was indexed, and sets it aside", async () => {
  const {folder, fileOf} = await filledStore();
  const warnings: string[] = [];
  const text = readFileSync(fileOf(ids[1]), "utf8");
  writeFileSync(fileOf(ids[1]), text.replace("1.25", "1.35"));
  expect([...(await open(folder, warnings).summaries(ids)).keys()]).toEqual([ids[0], ids[2], ids[3]]);
  expect(warnings).toEqual([expect.stringContaining("was changed or damaged; it is set aside as")]);
});

it("summaries(ids) takes records that were copied from another store, with or without its index", async () => {
  const {index, fileOf} = await filledStore();
  const other = join(temporaryFolder(), "other");
  mkdirSync(other);
  for (const id of ids) copyFileSync(fileOf(id), join(other, `${id}.json`));
  expect(await open(other).summaries(ids)).toEqual(expected);
  copyFileSync(index, join(other, indexFileName));
  expect(await open(other).summaries(ids)).toEqual(expected);
});

it("summaries(ids) of a store that cannot be written are the same, without an index", async () => {
  const {folder, index} = await filledStore();
  rmSync(index);
  expect(await whileUnwritable(folder, () => open(folder).summaries(ids))).toEqual(expected);
  expect(readdirSync(folder)).not.toContain(indexFileName);
});

it("an index with many lines of no use is written anew when it is next opened", async () => {
  const {folder, index} = await filledStore();
  appendFileSync(index, "no entry\n".repeat(200));
  expect(await open(folder).summaries(ids)).toEqual(expected);
  expect(readFileSync(index, "utf8").trimEnd().split("\n")).toHaveLength(4);
});

it("two stores on one folder that are written at once answer alike", async () => {
  const folder = join(temporaryFolder(), "runs");
  const [one, two] = [open(folder), open(folder)];
  await Promise.all(records.flatMap((record) => [one.put(record, origin), two.put(record, origin)]));
  for (const store of [one, two, open(folder)]) expect(await store.summaries(ids)).toEqual(expected);
});
