import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {type RunAllOptions, runAll} from "../../src/sweeps/run-all.js";
import type {SweepProgress} from "../../src/sweeps/run-progress.js";
import {openRunStore} from "../../src/sweeps/run-store.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {whileUnwritable} from "../support/unwritable.js";
import {sampleRecord, sampleSettings} from "./sample.js";

/** Seeds with which the worker program of these tests does not finish a run; see there. */
const seeds = {
  refused: 901,
  broken: 902,
  exiting: 903,
  endless: 904,
  outdated: 905,
  killed: 906,
  mistaken: 907,
};

const runs = (...values: number[]): RunSettings[] => values.map((seed) => sampleSettings({seed, steps: 2}));

function options(changes: Partial<RunAllOptions> = {}): RunAllOptions {
  const store = openRunStore({folder: join(temporaryFolder(), "runs")});
  const program = new URL("../fixtures/sweeps/worker.js", import.meta.url);
  return {store, program, engine: "engine", workers: 2, ...changes};
}

const storedCount = ({store}: RunAllOptions) =>
  readdirSync(store.folder).filter((name) => /^[0-9a-f]{20}\.json$/.test(name)).length;

it.each([1, 2, 5])("runAll(settings) gives the records in order, with %i workers", async (workers) => {
  const settings = runs(5, 3, 8, 1, 9, 2);
  const {store, ...rest} = options({workers});
  const records = await runAll(settings, {store, ...rest});
  expect(records.map((record) => record.settings)).toEqual(settings);
  expect(await store.get(records[2].id)).toEqual(records[2]);
});

it("runAll(settings) takes finished runs from the store", async () => {
  const all = options();
  const [stored] = runs(seeds.endless);
  const record = sampleRecord(stored);
  await all.store.put(record);
  const records = await runAll([stored, ...runs(1)], all);
  expect(records[0]).toEqual(record);
  expect(records[1].settings.seed).toBe(1);
});

it("runAll(settings) takes published records for runs that the store does not have", async () => {
  const all = options();
  const [inStore, published] = [1, 2].map((seed) => sampleRecord(runs(seed)[0]));
  await all.store.put(inStore);
  const elsewhere = {...published, engine: "another", weightHash: "0".repeat(64)};
  const records = await runAll(runs(1, 2, 3), {
    ...all,
    published: ({seed}) => (seed < 3 ? elsewhere : undefined),
  });
  expect(records[0]).toEqual(inStore);
  expect(records[1]).toBe(elsewhere);
  expect(records[2].settings.seed).toBe(3);
  expect(storedCount(all)).toBe(2);
});

it("runAll(settings) with nothing to compute needs neither workers nor a store that can be written", async () => {
  const all = options({program: new URL("file:///no/such/program.js")});
  const record = sampleRecord(runs(1)[0]);
  await all.store.put(record);
  expect(await whileUnwritable(all.store.folder, () => runAll(runs(1), all))).toEqual([record]);
  expect(await runAll([], all)).toEqual([]);
});

it("runAll(settings) computes equal runs once", async () => {
  const all = options();
  const records = await runAll(runs(1, 1, 2), all);
  expect(records[0]).toBe(records[1]);
  expect(storedCount(all)).toBe(2);
});

it("runAll(settings) reports each run's state, step and loss, and the time left", async () => {
  const reports: SweepProgress[] = [];
  const all = options({workers: 1, onProgress: (progress) => reports.push(progress)});
  await all.store.put(sampleRecord(runs(1)[0]));
  await runAll(runs(1, 2, 3), all);
  const counts = reports.map(({stored, waiting, running, finished}) =>
    [stored, waiting, running.length, finished].join(" "),
  );
  expect([...new Set(counts)]).toEqual(["1 2 0 0", "1 1 1 0", "1 1 0 1", "1 0 1 1", "1 0 0 2"]);
  expect(reports[0]).toMatchObject({total: 3, share: 0, secondsLeft: null});
  const halfway = reports.find(({running}) => running[0]?.step === 1)!;
  expect(halfway.running[0]).toMatchObject({label: "seed=2", worker: "worker 1", steps: 2, loss: 3});
  expect(halfway.share).toBe(0.25);
  expect(halfway.secondsLeft).toBeGreaterThan(0);
  expect(reports.at(-1)).toMatchObject({share: 1, secondsLeft: 0});
});

it.each([
  ["refuses its settings", seeds.refused, "the run seed=901 failed: the corpus is empty", 2],
  [
    "breaks its program",
    seeds.broken,
    "seed=902 failed: the worker ended with exit code 1: TypeError: x is",
    1,
  ],
  ["ends its process", seeds.exiting, "the run seed=903 failed: the worker ended with exit code 3", 1],
  ["has its process killed", seeds.killed, "the run seed=906 failed: the worker was killed (SIGKILL)", 1],
  ["meets a mistake in the program", seeds.mistaken, "the run seed=907 failed: RangeError: no memory", 1],
  ["is of another engine", seeds.outdated, "the run seed=905 failed: it was computed by another engine", 1],
])(
  "runAll(settings) names the run that %s, stops the others and keeps what is finished",
  async (_, seed, message, exitCode) => {
    const all = options();
    const failing = runAll(runs(1, seeds.endless, seed, 2), all);
    await expect(failing).rejects.toMatchObject({exitCode, message: expect.stringContaining(message)});
    expect(await all.store.get(sampleRecord(runs(1)[0]).id)).toBeDefined();
    expect(storedCount(all)).toBe(1);
  },
);

it("runAll(settings) resumes where it failed", async () => {
  const all = options({workers: 1});
  await expect(runAll(runs(1, seeds.refused, 2), all)).rejects.toThrow("seed=901");
  const stored: number[] = [];
  await runAll(runs(1, 2), {...all, onProgress: (progress) => stored.push(progress.stored)});
  expect(new Set(stored)).toEqual(new Set([1]));
});

it("runAll(settings) interrupted stops the workers and keeps what is finished", async () => {
  const interrupt = new AbortController();
  const all = options({
    signal: interrupt.signal,
    onProgress: ({finished}) => {
      if (finished === 1) interrupt.abort();
    },
  });
  const interrupted = runAll(runs(seeds.endless, 1), all);
  await expect(interrupted).rejects.toThrow("interrupted: 1 of 2 runs are finished and kept");
  expect(await all.store.get(sampleRecord(runs(1)[0]).id)).toBeDefined();
});

it("runAll(settings) that is interrupted before it begins computes nothing", async () => {
  const all = options({signal: AbortSignal.abort()});
  await expect(runAll(runs(1, 2), all)).rejects.toThrow("interrupted: 0 of 2 runs are finished and kept");
  expect(existsSync(all.store.folder)).toBe(false);
});

it("runAll(settings) finds out that the store cannot be written before it computes", async () => {
  const all = options();
  await all.store.put(sampleRecord(runs(7)[0]));
  const running = whileUnwritable(all.store.folder, () => runAll(runs(seeds.endless), all));
  await expect(running).rejects.toThrow(`cannot write to the run store ${all.store.folder}`);
});

it("runAll(settings) finds out that the corpus cannot be had before it computes", async () => {
  const missing = {...runs(seeds.endless)[0], corpus: "/no/such/file.txt"};
  await expect(runAll([missing], options())).rejects.toThrow("/no/such/file.txt");
});

it.each([0, 1.5, Number.NaN])("runAll(settings, {workers: %d}) is refused", async (workers) => {
  await expect(runAll(runs(1), options({workers}))).rejects.toThrow(
    `workers: ${workers} is not a whole number from 1`,
  );
});
