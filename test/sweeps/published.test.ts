import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {expect, it} from "vitest";
import {publish, publishedFile, readPublished} from "../../src/sweeps/published.js";
import {recordJson} from "../../src/sweeps/run-record-schema.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {choices, sampleRecord, sampleSettings} from "./sample.js";

const folder = () => join(temporaryFolder(), "sweeps");

it("readPublished(names) gives back the published record of settings, and nothing for others", async () => {
  const place = folder();
  const records = [1, 2].map((seed) => sampleRecord(sampleSettings({seed})));
  await publish("one", records.slice(0, 1), place);
  await publish("two", records.slice(1), place);
  const published = readPublished(["one", "two", "three"], choices, place);
  for (const record of records) expect(published(record.settings)?.weightHash).toBe(record.weightHash);
  expect(published(sampleSettings({seed: 3}))).toBeUndefined();
});

it("a published record has rounded losses and measurements, no histograms, and else all that the record had", async () => {
  const place = folder();
  const record = sampleRecord();
  await publish("one", [record], place);
  const published = readPublished(["one"], choices, place)(record.settings)!;
  expect(published).toMatchObject({
    ...record,
    trainingLoss: [3.3, 2.1, 0.33333],
    probes: [{spread: 1e-30}],
  });
  expect(published.probes[0].histogram).toEqual([]);
});

it("published settings that lack a later setting stand for its default", () => {
  const place = folder();
  const record = sampleRecord();
  const {clipNorm: _, ...settings} = record.settings;
  mkdirSync(place);
  writeFileSync(publishedFile("one", place), gzipSync(recordJson({...record, settings} as typeof record)));
  expect(readPublished(["one"], choices, place)(record.settings)?.id).toBe(record.id);
});

it.each([
  ["not compressed", Buffer.from("{}"), /^cannot read the published runs .*one\.jsonl\.gz: /],
  ["no JSON", gzipSync("{"), /one\.jsonl\.gz line 1: is not JSON$/],
  ["no record", gzipSync(`${recordJson(sampleRecord())}\n{}`), /one\.jsonl\.gz line 2: id: /],
])("a published file that is %s is named in one line", (_, content, message) => {
  const place = folder();
  mkdirSync(place);
  writeFileSync(publishedFile("one", place), content);
  expect(() => readPublished(["one"], choices, place)).toThrow(message);
});
