import {copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {whileUnwritable} from "../support/unwritable.js";
import {sampleRecord, sampleSettings} from "./sample.js";

function emptyStore() {
  const folder = join(temporaryFolder(), "runs");
  const warnings: string[] = [];
  const store = openRunStore({folder, warn: (line) => warnings.push(line)});
  return {folder, store, warnings, fileOf: (id: string) => join(folder, `${id}.json`)};
}

/** The names in a folder, without hidden files. */
const visible = (folder: string): string[] => readdirSync(folder).filter((name) => !name.startsWith("."));

/** A store with one record whose file is then changed. */
async function damagedStore(damage: (text: string) => string) {
  const opened = emptyStore();
  const record = sampleRecord();
  await opened.store.put(record);
  const file = opened.fileOf(record.id);
  writeFileSync(file, damage(readFileSync(file, "utf8")));
  return {...opened, record, file};
}

it("get(id) gives what put(record) took", async () => {
  const {store, folder} = emptyStore();
  const record = sampleRecord();
  expect(await store.get(record.id)).toBeUndefined();
  await store.put(record);
  expect(await store.get(record.id)).toEqual(record);
  expect(visible(folder)).toEqual([`${record.id}.json`]);
});

it("get(id) gives back numbers that JSON does not know, and runs that diverged", async () => {
  const {store} = emptyStore();
  const sample = sampleRecord();
  const record = {
    ...sample,
    trainingLoss: [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324],
    finalTrainingLoss: null,
    finalHeldOutLoss: null,
    floor: null,
    diverged: {step: 2, reason: "NaN"},
  };
  await store.put(record);
  expect(await store.get(record.id)).toEqual(record);
});

it.each<[string, (text: string) => string, string]>([
  ["truncated", (text) => text.slice(0, text.length / 2), "is truncated or no run record"],
  ["empty", () => "", "is truncated or no run record"],
  ["of another program", () => '{"hello": [1]}', "is truncated or no run record"],
  ["changed in one digit", (text) => text.replace("1.25", "1.35"), "was changed or damaged"],
])("get(id) sets a file aside that is %s, and names it", async (_, damage, problem) => {
  const {store, record, file, folder, warnings} = await damagedStore(damage);
  expect(await store.get(record.id)).toBeUndefined();
  const aside = join(folder, "set-aside", `${record.id}.json`);
  expect(warnings).toEqual([`${file} ${problem}; it is set aside as ${aside}`]);
  expect(visible(folder)).toEqual(["set-aside"]);
  await store.put(record);
  expect(await store.get(record.id)).toEqual(record);
});

it("get(id) sets aside a record under the name of another run", async () => {
  const {store, fileOf, warnings} = emptyStore();
  const [record, other] = [sampleRecord(), sampleRecord(sampleSettings({seed: 2}))];
  await store.put(record);
  renameSync(fileOf(record.id), fileOf(other.id));
  expect(await store.get(other.id)).toBeUndefined();
  expect(warnings[0]).toContain("holds another run");
});

it("get(id) sets aside a record whose settings do not give its id", async () => {
  const {store, warnings} = emptyStore();
  const forged = {...sampleRecord(), settings: sampleSettings({seed: 9})};
  await store.put(forged);
  expect(await store.get(forged.id)).toBeUndefined();
  expect(warnings[0]).toContain("holds another run");
});

it("get(id) sets aside a record with a part that is missing or of another kind", async () => {
  const {store, warnings} = emptyStore();
  const {weightHash: _, ...partial} = sampleRecord();
  await store.put(partial as ReturnType<typeof sampleRecord>);
  expect(await store.get(partial.id)).toBeUndefined();
  expect(warnings[0]).toContain("is no run record: weightHash: ");
});

it("get(id) does not use a corrupt file that it cannot set aside", async () => {
  const {store, record, folder, warnings} = await damagedStore(() => "{}");
  expect(await whileUnwritable(folder, () => store.get(record.id))).toBeUndefined();
  expect(warnings[0]).toContain("it is not used, and cannot be set aside: permission denied");
});

it("stores are merged by copying files", async () => {
  const [one, two] = [emptyStore(), emptyStore()];
  const record = sampleRecord();
  await one.store.put(record);
  mkdirSync(two.folder);
  copyFileSync(one.fileOf(record.id), two.fileOf(record.id));
  expect(await two.store.get(record.id)).toEqual(record);
});

it("two writers of one record do not disturb each other", async () => {
  const {store, folder} = emptyStore();
  const record = sampleRecord();
  await Promise.all(Array.from({length: 10}, () => store.put(record)));
  expect(await store.get(record.id)).toEqual(record);
  expect(visible(folder)).toEqual([`${record.id}.json`]);
});

it("a store that cannot be written says so in one line", async () => {
  const {store, folder} = emptyStore();
  mkdirSync(folder);
  const message = `cannot write to the run store ${folder}: permission denied; BITSCAPE_STORE can name another folder`;
  await expect(whileUnwritable(folder, () => store.checkWritable())).rejects.toThrow(message);
  await expect(whileUnwritable(folder, () => store.put(sampleRecord()))).rejects.toThrow(message);
  await store.checkWritable();
  expect(readdirSync(folder)).toEqual([]);
});

it("a store whose folder is a file says so in one line", async () => {
  const folder = join(temporaryFolder(), "file");
  writeFileSync(folder, "");
  const store = openRunStore({folder});
  await expect(store.get("0".repeat(20))).rejects.toThrow("cannot read the run store");
  await expect(store.checkWritable()).rejects.toThrow(
    `cannot write to the run store ${folder}: it is not a folder`,
  );
});
