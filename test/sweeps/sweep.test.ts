import {readdirSync} from "node:fs";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import type {
  Executor,
  ExecutorEvents,
  FailedAttempt,
  PlannedRun,
  StopSignals,
} from "../../src/sweeps/executor.js";
import {openFailures} from "../../src/sweeps/failures.js";
import {localExecutor} from "../../src/sweeps/local-executor.js";
import {plannedRuns} from "../../src/sweeps/planned-runs.js";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {type RunOutcome, type SweepOptions, sweep} from "../../src/sweeps/sweep.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {sampleRecord, sampleSettings} from "./sample.js";

/** Seeds with which the worker program of these tests does not finish a run; see there. */
const seeds = {refused: 901, endless: 904, killed: 906, killedOnce: 1001};

const runs = (...values: number[]) =>
  plannedRuns(
    values.map((seed) => sampleSettings({seed, steps: 2})),
    "engine",
  );

/** A sweep with a store of its own; `outcomes` and `attempts` grow while it runs. */
function prepared(changes: Partial<SweepOptions> = {}, {workers = 1} = {}) {
  const folder = temporaryFolder();
  process.env.BITSCAPE_TEST_ATTEMPTS = folder;
  const store = openRunStore({folder: join(folder, "runs")});
  const executor = localExecutor({
    workers,
    program: new URL("../fixtures/sweeps/worker.js", import.meta.url),
  });
  onTestFinished(() => executor.close());
  const outcomes: RunOutcome[] = [];
  const attempts: FailedAttempt[] = [];
  const options: SweepOptions = {
    ...{store, executor, onOutcome: (outcome) => outcomes.push(outcome)},
    onFailure: (_, attempt) => attempts.push(attempt),
    ...changes,
  };
  const states = () => outcomes.map(({state, run}) => `${run.settings.seed} ${state}`);
  return {options, store, outcomes, attempts, states, failures: openFailures(store.folder)};
}

it("sweep(runs) tells of every run at once, those of the store first", async () => {
  const {options, store, outcomes, states} = prepared();
  const record = sampleRecord(sampleSettings({seed: 2, steps: 2}));
  await store.put(record);
  expect(await sweep(runs(1, 2, 3), options)).toEqual({runs: 3, stored: 1, computed: 2, failed: 0});
  expect(states()).toEqual(["2 stored", "1 computed", "3 computed"]);
  expect(outcomes[0]).toMatchObject({summary: {id: record.id, weightHash: record.weightHash}});
  expect(await store.get(outcomes[1].run.id)).toMatchObject({settings: {seed: 1}});
});

it("sweep(runs) keeps going when a run has failed, and keeps why", async () => {
  const {options, states, failures, outcomes} = prepared();
  const totals = await sweep(runs(1, seeds.refused, 2), options);
  expect(totals).toEqual({runs: 3, stored: 0, computed: 2, failed: 1});
  expect(states()).toEqual(["1 computed", "901 failed", "2 computed"]);
  expect(outcomes[1]).toMatchObject({reason: "the corpus is empty", attempts: 1});
  const [failure] = (await failures.list()).values();
  expect(failure).toMatchObject({label: "seed=901", attempts: [{reason: "the corpus is empty"}]});
});

it("sweep(runs, {failFast: true}) stops everything when a run has failed", async () => {
  const {options, states} = prepared({failFast: true}, {workers: 2});
  const totals = await sweep(runs(1, seeds.endless, seeds.refused, 2), options);
  expect(totals).toEqual({runs: 4, stored: 0, computed: 1, failed: 1});
  expect(states()).toEqual(["1 computed", "901 failed"]);
});

it("sweep(runs) tries a run again whose worker was killed, and then forgets the failure", async () => {
  const {options, states, attempts, failures} = prepared();
  expect(await sweep(runs(1, seeds.killedOnce, 2), options)).toMatchObject({computed: 3, failed: 0});
  expect(states()).toEqual(["1 computed", "1001 computed", "2 computed"]);
  expect(attempts).toEqual([
    {
      ...{attempt: 1, willRetry: true, exitCode: 1},
      reason: "the worker was killed (SIGKILL), perhaps for want of memory",
    },
  ]);
  expect(readdirSync(failures.folder)).toEqual([]);
});

it.each([0, 2])(
  "sweep(runs, {retries: %i}) gives a run up that kills its worker each time",
  async (retries) => {
    const {options, attempts, failures} = prepared({retries});
    expect(await sweep(runs(seeds.killed, 1), options)).toMatchObject({computed: 1, failed: 1});
    expect(attempts.map(({willRetry}) => willRetry)).toEqual([...Array(retries).fill(true), false]);
    const [failure] = (await failures.list()).values();
    expect(failure.attempts.map(({worker}) => worker)).toEqual(Array(retries + 1).fill("worker 1"));
  },
);

it("sweep(runs) forgets the failure of an earlier sweep once the run succeeds", async () => {
  const {options, failures} = prepared();
  const [run] = runs(1);
  await failures.put({...run, attempts: [{reason: "no", time: "2026-01-01T00:00:00.000Z", worker: ""}]});
  await sweep([run], options);
  expect(await failures.list()).toEqual(new Map());
});

it("sweep(runs) that is told to drain finishes what is in flight and begins nothing else", async () => {
  const drain = new AbortController();
  const stop: StopSignals = {drain: drain.signal, now: new AbortController().signal};
  const {options, states} = prepared({
    stop,
    onProgress: ({running}) => running[0]?.step === 1 && drain.abort(),
  });
  expect(await sweep(runs(1, 2, 3), options)).toEqual({runs: 3, stored: 0, computed: 1, failed: 0});
  expect(states()).toEqual(["1 computed"]);
});

it("sweep(runs) that is stopped loses no more than what is in flight", async () => {
  const now = new AbortController();
  const stop: StopSignals = {drain: new AbortController().signal, now: now.signal};
  const {options, failures} = prepared({
    stop,
    onProgress: ({finished, running}) => finished === 1 && running[0]?.step === 2 && now.abort(),
  });
  expect(await sweep(runs(1, seeds.endless, 3), options)).toMatchObject({computed: 1, failed: 0});
  expect(await failures.list()).toEqual(new Map());
});

it("sweep(runs) begins with the longest run", async () => {
  const {options, outcomes} = prepared();
  const settings = [5, 50, 500, 2].map((steps) => sampleSettings({seed: 1, steps}));
  await sweep(plannedRuns(settings, "engine"), options);
  expect(outcomes.map(({run}) => run.settings.steps)).toEqual([500, 50, 5, 2]);
});

it("sweep(runs) has fewer workers than asked for where the memory does not suffice, and says so", async () => {
  const program = new URL("../fixtures/sweeps/worker.js", import.meta.url);
  const executor = localExecutor({program, workers: 3, memory: 300 * 2 ** 20});
  onTestFinished(() => executor.close());
  const notices: string[] = [];
  const running: number[] = [];
  const {options} = prepared({
    ...{executor, onNotice: (line) => notices.push(line)},
    onProgress: (progress) => running.push(progress.running.length),
  });
  await sweep(runs(1, 2, 3, 4), options);
  expect(notices).toEqual([
    expect.stringMatching(
      /^2 workers instead of 3: the largest run takes 1\d\d MiB and this machine has 300 MiB$/,
    ),
  ]);
  expect(Math.max(...running)).toBe(2);
});

it("sweep(runs) does not take workers that are killed as they start for a program that cannot be started", async () => {
  const program = new URL("../fixtures/sweeps/killed-worker.js", import.meta.url);
  const executor = localExecutor({program, workers: 1});
  onTestFinished(() => executor.close());
  const {options, outcomes} = prepared({executor, retries: 4});
  await sweep(runs(1), options);
  expect(outcomes).toMatchObject([
    {state: "failed", attempts: 5, reason: expect.stringContaining("SIGKILL")},
  ]);
});

it("sweep(runs) ends when no worker can be started", async () => {
  const executor = localExecutor({program: new URL("file:///no/such/program.js"), workers: 1});
  const {options} = prepared({executor, retries: 5});
  await expect(sweep(runs(1, 2), options)).rejects.toThrow(
    /^no worker can be started: the worker ended with exit code 1: Error: Cannot find module/,
  );
});

it("sweep(runs) ends when a record cannot be put into the store", async () => {
  const {options, store} = prepared();
  const full = {...store, put: () => Promise.reject(new Error("the disk is full"))};
  await expect(sweep(runs(1, 2), {...options, store: full})).rejects.toThrow("the disk is full");
});

/** Tells what `tell` does, of one run after the other. */
const toldBy = (tell: (run: PlannedRun, events: ExecutorEvents) => Promise<void>): Executor => ({
  async run(runs, events) {
    for (const run of runs) await tell(run, events);
  },
  close: async () => {},
});

const lost = {reason: "the machine is gone", attempt: 3, willRetry: false, exitCode: 1} as const;

it("sweep(runs) counts a run once that two workers finished", async () => {
  const executor = toldBy(async ({id, settings}, events) => {
    for (let worker = 0; worker < 2; worker++) await events.onRecord(id, sampleRecord(settings));
    events.onFailure(id, lost);
  });
  const {options, states, failures} = prepared({executor});
  expect(await sweep(runs(1, 2), options)).toEqual({runs: 2, stored: 0, computed: 2, failed: 0});
  expect(states()).toEqual(["1 computed", "2 computed"]);
  expect(await failures.list()).toEqual(new Map());
});

it("sweep(runs) takes the record of a run that was given up, and forgets the failure", async () => {
  const executor = toldBy(async ({id, settings}, events) => {
    events.onFailure(id, lost);
    await events.onRecord(id, sampleRecord(settings));
  });
  const {options, states, failures} = prepared({executor});
  expect(await sweep(runs(1), options)).toEqual({runs: 1, stored: 0, computed: 1, failed: 0});
  expect(states()).toEqual(["1 failed", "1 computed"]);
  expect(await failures.list()).toEqual(new Map());
});

it("sweep(runs) keeps where and when a run was computed that another machine did", async () => {
  const origin = {
    finished: "2026-01-02T03:04:05.000Z",
    machine: {processor: "another", cores: 64, node: "v22.0.0", platform: "linux arm64"},
  };
  const executor = toldBy(({id, settings}, events) => events.onRecord(id, sampleRecord(settings), origin));
  const {options, store} = prepared({executor});
  const [run] = runs(1);
  await sweep([run], options);
  expect(await store.summary(run.id)).toMatchObject({origin});
});
