import {execFileSync} from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  promises,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import {syncBuiltinESMExports} from "node:module";
import {basename, join} from "node:path";
import fc from "fast-check";
import {expect, it, vi} from "vitest";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {entryText} from "../../src/sweeps/store-entry.js";
import {type RunRecord, recordVersion} from "../../src/training/run-record.js";
import {temporaryFile} from "../../src/training/temporary-file.js";
import {deadProcess} from "../support/dead-process.js";
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

it("get(id) sets aside what is no file, and does not wait for a pipe", async () => {
  const {store, folder, fileOf, warnings} = emptyStore();
  const [one, two, three] = [1, 2, 3].map((digit) => String(digit).repeat(20));
  mkdirSync(join(fileOf(one), "inside"), {recursive: true});
  execFileSync("mkfifo", [fileOf(two)]);
  symlinkSync("nowhere", fileOf(three));
  expect(await Promise.all([one, two, three].map(store.get))).toEqual([undefined, undefined, undefined]);
  expect(warnings).toEqual([
    expect.stringContaining(`${fileOf(one)} is no file; it is set aside`),
    expect.stringContaining(`${fileOf(two)} is no file; it is set aside`),
  ]);
  expect(readdirSync(join(folder, "set-aside"))).toEqual([`${one}.json`, `${two}.json`]);
});

it("get(id) passes over a file that cannot be read, and names it", async () => {
  const {store, fileOf, warnings} = emptyStore();
  const record = sampleRecord();
  await store.put(record);
  expect(await whileUnwritable(fileOf(record.id), () => store.get(record.id), 0o000)).toBeUndefined();
  expect(warnings).toEqual([`${fileOf(record.id)} cannot be read: permission denied; it is not used`]);
  expect(await store.get(record.id)).toEqual(record);
});

it.each([
  ["nested a hundred thousand times", `{"sha256":"0","record":${"[".repeat(1e5)}${"]".repeat(1e5)}}`],
  ["with a prototype", '{"sha256":"0","record":{"__proto__":{"id":"0"}}}'],
  ["of random bytes", Buffer.from(Array.from({length: 5000}, (_, i) => (i * i * 7919) % 256))],
  ["of zeros, as after a crash of the computer", Buffer.alloc(4096)],
])("get(id) sets aside a file %s", async (_, content) => {
  const {store, folder, fileOf} = emptyStore();
  const id = "a".repeat(20);
  mkdirSync(folder);
  writeFileSync(fileOf(id), content);
  expect(await store.get(id)).toBeUndefined();
  expect(readdirSync(join(folder, "set-aside"))).toEqual([`${id}.json`]);
});

it("get(id) gives the record to whoever asks after any one byte of its file was changed, or nothing", async () => {
  const {store, fileOf} = emptyStore();
  const record = sampleRecord();
  await store.put(record);
  const whole = readFileSync(fileOf(record.id));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (place, byte) => {
      const changed = Buffer.from(whole);
      changed[place] = byte;
      writeFileSync(fileOf(record.id), changed);
      const got = await store.get(record.id);
      if (got) expect(got).toEqual(record); // what changed is outside the record, or it is the byte that was there
    }),
    {numRuns: 200},
  );
});

it("what is set aside does not replace what was set aside before", async () => {
  const {store, record, file, folder} = await damagedStore(() => "first");
  await store.get(record.id);
  writeFileSync(file, "second");
  await store.get(record.id);
  const texts = readdirSync(join(folder, "set-aside")).map((name) =>
    readFileSync(join(folder, "set-aside", name), "utf8"),
  );
  expect(texts).toEqual(["second", "first"]); // ID-2.json, ID.json
});

it("a record that another process puts in the place of a bad one is never set aside", async () => {
  const {store, record, file, folder, warnings} = await damagedStore(() => "{}");
  const good = openRunStore({folder});
  const {rename} = promises;
  const renaming = vi.spyOn(promises, "rename").mockImplementationOnce(async (from, to) => {
    renaming.mockRestore();
    await good.put(record);
    await rename(from, to);
  });
  syncBuiltinESMExports();
  expect(await store.get(record.id)).toEqual(record);
  expect(warnings).toEqual([]);
  expect(readFileSync(file, "utf8")).toContain(record.weightHash);
});

it("a record of an earlier version is kept where it is, and not used", async () => {
  const {store, folder, warnings} = emptyStore();
  const id = "b".repeat(20);
  mkdirSync(folder);
  const older = {...sampleRecord(), id, version: recordVersion - 1} as unknown as RunRecord;
  writeFileSync(join(folder, `${id}.json`), entryText(older, null));
  expect(await store.get(id)).toBeUndefined();
  expect(await store.summaries(await store.ids())).toEqual(new Map());
  expect(warnings).toEqual([]);
  expect(await store.ids()).toEqual([id]);
});

it("put(record) says where and when a run was computed, beside the record", async () => {
  const {store, fileOf} = emptyStore();
  const record = sampleRecord();
  await store.put(record);
  const {origin} = JSON.parse(readFileSync(fileOf(record.id), "utf8"));
  expect(origin.machine).toMatchObject({
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  });
  expect(Math.abs(Date.parse(origin.finished) - Date.now())).toBeLessThan(60_000);
});

it("checkWritable() removes what killed processes left half-written, and nothing of living ones", async () => {
  const {store, folder} = emptyStore();
  mkdirSync(folder);
  const mine = basename(temporaryFile(join(folder, "one.json")));
  const dead = mine.replace(`.${process.pid}.`, `.${deadProcess()}.`);
  for (const name of [mine, dead, ".other", "other.tmp"]) writeFileSync(join(folder, name), "");
  await store.checkWritable();
  expect(readdirSync(folder).sort()).toEqual([mine, ".other", "other.tmp"].sort());
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
