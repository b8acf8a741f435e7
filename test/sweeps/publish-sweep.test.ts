import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import fc from "fast-check";
import {expect, it} from "vitest";
import {plannedRuns} from "../../src/sweeps/planned-runs.js";
import {describeSweep, publishSweep} from "../../src/sweeps/publish-sweep.js";
import {publishedRecords} from "../../src/sweeps/published.js";
import {publishedSweepFile, readPublishedSweep} from "../../src/sweeps/published-sweep.js";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {summarize} from "../../src/sweeps/run-summary.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {whileUnwritable} from "../support/unwritable.js";
import {sampleRecord, sampleSettings} from "./sample.js";

const machine = {processor: "a processor", cores: 2, node: "v20.19.0", platform: "linux x64"};
const settings = [1, 2, 3].map((seed) => sampleSettings({seed}));
const runs = plannedRuns(settings, "engine");
const command = "bitscape sweep one --publish";

/** A store with the first runs, each of which took 1.5 s and ended two seconds after the one before. */
async function storeOf(count: number) {
  const store = openRunStore({folder: join(temporaryFolder(), "runs")});
  for (const [index, run] of settings.slice(0, count).entries()) {
    const finished = new Date(Date.UTC(2026, 10, 22) + index * 2000).toISOString();
    await store.put(sampleRecord(run), {finished, machine: index === 2 ? {...machine, cores: 32} : machine});
  }
  return store;
}

it("publishSweep(name, runs) writes the records in the order of the plan, and what the sweep is and cost", async () => {
  const folder = join(temporaryFolder(), "sweeps");
  const reversed = runs.toReversed();
  const file = await publishSweep("one", reversed, {store: await storeOf(3), command, folder});
  expect(file).toBe(join(folder, "one.jsonl.gz"));
  const ids: string[] = [];
  for await (const {id} of publishedRecords("one", folder)) ids.push(id);
  expect(ids).toEqual(reversed.map(({id}) => id));
  expect(readPublishedSweep("one", folder)).toEqual({
    name: "one",
    command,
    machines: [
      {...machine, runs: 2},
      {...machine, cores: 32, runs: 1},
    ],
    engines: ["engine"],
    started: "2026-11-21T23:59:58.500Z",
    finished: "2026-11-22T00:00:04.000Z",
    runs: 3,
    diverged: 0,
    failed: 0,
    coreSeconds: 4.5,
    wallSeconds: 4.5, // half a second between two runs is nobody's
  });
});

it("publishSweep(name, runs) names what is missing, and leaves what was published before", async () => {
  const folder = join(temporaryFolder(), "sweeps");
  await publishSweep("one", runs.slice(0, 1), {store: await storeOf(1), command, folder});
  const before = readFileSync(publishedSweepFile("one", folder), "utf8");
  const publishing = publishSweep("one", runs, {store: await storeOf(1), command, folder});
  const [, second, third] = runs;
  await expect(publishing).rejects.toThrow(
    `cannot publish one: 2 of 3 runs are missing: ${second.id} (seed=2), ${third.id} (seed=3); "bitscape sweep" computes them`,
  );
  expect(readFileSync(publishedSweepFile("one", folder), "utf8")).toBe(before);
  expect(readdirSync(folder)).toEqual(["one.json", "one.jsonl.gz"]);
});

it("publishSweep(name, runs) says in one line that it cannot write", async () => {
  const folder = temporaryFolder();
  const store = await storeOf(3);
  const publishing = () => publishSweep("one", runs, {store, command, folder});
  await expect(whileUnwritable(folder, publishing)).rejects.toThrow(
    `cannot write to ${folder}: permission denied`,
  );
});

it("describeSweep(runs) gives no times when a run does not say when it was finished", () => {
  const summary = summarize(sampleRecord(), null);
  expect(describeSweep("one", command, [summary])).toMatchObject({
    ...{machines: [], started: null, finished: null, wallSeconds: null, coreSeconds: 1.5},
  });
});

it("describeSweep(runs) counts every moment at which a run was computed once", () => {
  const range = fc.record({start: fc.nat(50), length: fc.nat(20)});
  fc.assert(
    fc.property(fc.array(range, {minLength: 1, maxLength: 8}), (ranges) => {
      const summaries = ranges.map(({start, length}) => ({
        ...summarize(sampleRecord(), {finished: new Date((start + length) * 1000).toISOString(), machine}),
        seconds: length,
      }));
      const moments = new Set(ranges.flatMap(({start, length}) => Array.from({length}, (_, i) => start + i)));
      expect(describeSweep("one", command, summaries).wallSeconds).toBe(moments.size);
    }),
  );
});
