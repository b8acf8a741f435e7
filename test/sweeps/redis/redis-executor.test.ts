import {hostname} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {describe, expect, it, onTestFinished} from "vitest";
import type {ExecutorOptions, FailedAttempt, PlannedRun} from "../../../src/sweeps/executor.js";
import {localExecutor} from "../../../src/sweeps/local-executor.js";
import {parseRedisAddress} from "../../../src/sweeps/redis/address.js";
import {connectRedis, type RedisLink} from "../../../src/sweeps/redis/connect.js";
import {jobId, pack, recordKey} from "../../../src/sweeps/redis/protocol.js";
import {redisExecutor} from "../../../src/sweeps/redis/redis-executor.js";
import {type ServeOptions, serveRuns} from "../../../src/sweeps/redis/serve-runs.js";
import {openRunStore} from "../../../src/sweeps/run-store.js";
import {runId} from "../../../src/training/run-id.js";
import type {RunRecord} from "../../../src/training/run-record.js";
import type {RunSettings} from "../../../src/training/run-settings.js";
import {hasRedis, type RedisServer, startRedis} from "../../support/redis-server.js";
import {temporaryFolder} from "../../support/temporary-folder.js";
import {sampleRecord, sampleSettings} from "../sample.js";

/** Seeds with which the worker program of these tests does not finish a run; see there. */
const seeds = {refused: 901, endless: 904, killed: 906};

const planned = (...values: (number | Partial<RunSettings>)[]): PlannedRun[] =>
  values
    .map((value) => sampleSettings({steps: 2, ...(typeof value === "number" ? {seed: value} : value)}))
    .map((settings) => ({id: runId(settings, "engine"), settings, label: `seed=${settings.seed}`}));

const program = new URL("../../fixtures/sweeps/worker.js", import.meta.url);

async function link({url}: RedisServer, lines: string[] = [], timeout = 20): Promise<RedisLink> {
  const options = {timeout, waitAtStart: false, say: (line: string) => lines.push(line)};
  const connected = await connectRedis(parseRedisAddress(url), options);
  onTestFinished(() => connected.close());
  return connected;
}

/** A worker in this process; it leaves when the test ends. */
async function worker(redis: RedisServer, changes: Partial<ServeOptions> & {at?: number} = {}) {
  const lines: string[] = [];
  const [drain, now] = [new AbortController(), new AbortController()];
  const executors = Array.from({length: changes.at ?? 1}, () => localExecutor({workers: 1, program}));
  const store = openRunStore({folder: join(temporaryFolder(), "runs")});
  const serving = serveRuns({
    ...{link: await link(redis, lines), engine: "engine", store, executors, lease: 1},
    ...{stop: {drain: drain.signal, now: now.signal}, say: (line: string) => lines.push(line)},
    ...changes,
  });
  serving.catch(() => {});
  onTestFinished(async () => {
    now.abort();
    await serving.catch(() => {});
    await Promise.all(executors.map((executor) => executor.close()));
  });
  return {serving, lines, store, drain: () => drain.abort(), stop: () => now.abort()};
}

/** A sweep in this process. */
function sweep(redis: RedisServer, runs: readonly PlannedRun[], options: Partial<ExecutorOptions> = {}) {
  const [drain, now] = [new AbortController(), new AbortController()];
  const records = new Map<string, RunRecord>();
  const failures: (FailedAttempt & {id: string})[] = [];
  const [lines, starts, steps]: [string[], string[], string[]] = [[], [], []];
  const address = parseRedisAddress(redis.url);
  const executor = redisExecutor({address, timeout: 20, waitAtStart: false, engine: "engine", lease: 1});
  const running = executor
    .run(
      runs,
      {
        onStart: (id) => starts.push(id),
        onProgress: (id) => steps.push(id),
        onRecord: async (id, record) => void records.set(id, record),
        onFailure: (id, attempt) => failures.push({id, ...attempt}),
        onNotice: (line) => lines.push(line),
      },
      {drain: drain.signal, now: now.signal},
      {retries: 2, failFast: false, ...options},
    )
    .finally(() => executor.close());
  running.catch(() => {});
  onTestFinished(() => now.abort());
  return {
    running,
    records,
    failures,
    lines,
    starts,
    steps,
    drain: () => drain.abort(),
    stop: () => now.abort(),
  };
}

const until = async (condition: () => unknown | Promise<unknown>): Promise<void> => {
  while (!(await condition())) await sleep(20);
};

describe.skipIf(!hasRedis)("redisExecutor", () => {
  it("has the runs of a sweep computed by the workers, which share them and keep the records", async () => {
    const redis = await startRedis();
    const [first, second] = [await worker(redis), await worker(redis, {at: 2})];
    const runs = planned(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    const {running, records, starts, failures} = sweep(redis, runs);
    await running;
    expect(failures).toEqual([]);
    expect([...records.keys()].sort()).toEqual(runs.map(({id}) => id).sort());
    expect([...starts].sort()).toEqual([...records.keys()].sort());
    for (const {id, settings} of runs) {
      expect(records.get(id)!.settings).toEqual(settings);
      const kept = (await first.store.get(id)) ?? (await second.store.get(id));
      expect(kept).toEqual(records.get(id));
    }
  });

  it("takes what a worker has in its store, and a record that an earlier sweep left in Redis", async () => {
    const redis = await startRedis();
    const runs = planned(seeds.endless);
    const record = sampleRecord(runs[0].settings);
    const {store, drain, serving} = await worker(redis);
    await store.put(record);
    const first = sweep(redis, runs);
    await first.running;
    expect([...first.records.values()]).toEqual([record]);
    drain();
    expect(await serving).toBe(1);
    const second = sweep(redis, runs); // no worker is left
    await second.running;
    expect([...second.records.values()]).toEqual([record]);
  });

  it("tells which run was refused and where, does not try it again, and goes on with the others", async () => {
    const redis = await startRedis();
    await worker(redis);
    const runs = planned(1, seeds.refused, 2);
    const {running, records, failures} = sweep(redis, runs);
    await running;
    expect(records.size).toBe(2);
    expect(failures).toMatchObject([
      {
        id: runs[1].id,
        attempt: 1,
        willRetry: false,
        exitCode: 2,
        reason: `the corpus is empty (on ${hostname()})`,
      },
    ]);
  });

  it("tries a run again whose process was killed, as often as it may", async () => {
    const redis = await startRedis();
    await worker(redis);
    const {running, failures} = sweep(redis, planned(seeds.killed), {retries: 1});
    await running;
    expect(failures.map(({attempt, willRetry}) => [attempt, willRetry])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(failures[0].reason).toContain("SIGKILL");
  });

  it("with failFast ends at the first failure, and takes back what waits", async () => {
    const redis = await startRedis();
    const {store} = await worker(redis);
    const {running, records, failures} = sweep(redis, planned(seeds.refused, ...Array(900).keys()), {
      failFast: true,
    });
    await running;
    expect(failures.length).toBe(1);
    expect(records.size).toBeLessThan(900);
    await sleep(300);
    expect(await store.get(planned(899)[0].id)).toBeUndefined();
  });

  it("finishes the runs in flight when it is to drain, and takes back the others", async () => {
    const redis = await startRedis();
    const {stop} = await worker(redis);
    const {running, records, starts, drain} = sweep(redis, planned(seeds.endless, 1, 2));
    await until(() => starts.length > 0);
    drain();
    await sleep(600);
    stop(); // gives the endless run back, which nobody wants any more
    await running;
    expect(records.size).toBe(0);
  });

  it("stops at once when it is to, also when Redis is gone", async () => {
    const redis = await startRedis();
    const {running, stop, lines} = sweep(redis, planned(1));
    const {client} = await link(redis);
    await until(() => client.exists(`{bitscape}:runs-engine:${jobId(planned(1)[0].id)}`));
    await redis.kill();
    await until(() => lines.some((line) => line.includes("is gone")));
    stop();
    await running;
  });

  it("shares runs with another sweep that wants them too", async () => {
    const redis = await startRedis();
    await worker(redis);
    const sweeps = [planned(1, 2, 3, 4), planned(3, 4, 5)].map((runs) => sweep(redis, runs));
    await Promise.all(sweeps.map(({running}) => running));
    expect(sweeps.map(({records}) => records.size)).toEqual([4, 3]);
  });

  it("does not trust a record that was damaged on its way", async () => {
    const redis = await startRedis();
    const [run] = planned(1);
    const {client} = await link(redis);
    const good = await pack({host: "elsewhere", record: sampleRecord(run.settings), origin: null});
    await client.set(recordKey(run.id), good.subarray(0, good.length - 20));
    await worker(redis);
    const {running, records, failures} = sweep(redis, [run]);
    await running;
    expect(failures[0]).toMatchObject({
      willRetry: true,
      reason: "the record that came through Redis cannot be unpacked",
    });
    expect(records.get(run.id)?.weightHash).toBe("1");
  });

  it("goes on with a Redis that comes back empty, and loses nothing that was finished or in flight", async () => {
    const redis = await startRedis();
    const {lines} = await worker(redis);
    const {running, records, lines: notices, failures} = sweep(redis, planned(...Array(40).keys()));
    await until(() => records.size > 3);
    await redis.kill();
    await sleep(200);
    await redis.start();
    await running;
    expect(records.size).toBe(40);
    expect(failures).toEqual([]);
    const gone = `Redis at ${redis.url} is gone; waiting for it, and runs that were begun go on`;
    for (const told of [lines, notices])
      expect(told).toEqual(expect.arrayContaining([gone, `Redis at ${redis.url} is back`]));
  });

  it("gives up a Redis that stays away", async () => {
    const redis = await startRedis();
    const {serving} = await worker(redis, {link: await link(redis, [], 1)});
    await redis.kill();
    await expect(serving).rejects.toThrow(`Redis at ${redis.url} was away for 1 s`);
  });

  it("leaves runs on a corpus that it lacks to other workers, and says so once", async () => {
    const redis = await startRedis();
    const {lines, serving, stop} = await worker(redis);
    const corpus = {corpus: "/no/such/text.txt", corpusChecksum: "1".repeat(64)};
    const runs = planned({...corpus, seed: 1}, {...corpus, seed: 2}, 3);
    const {running, records, lines: notices, stop: stopSweep} = sweep(redis, runs);
    await until(() => records.size === 1 && notices.some((line) => line.includes("/no/such")));
    expect(lines.filter((line) => line.includes("left to other workers"))).toHaveLength(1);
    expect(notices.filter((line) => line.includes("there is no file /no/such/text.txt"))).toHaveLength(1);
    stopSweep();
    await running;
    stop();
    await serving;
  });

  it("begins no more runs at once than a worker has memory for", async () => {
    const redis = await startRedis();
    const {lines} = await worker(redis, {at: 2, memory: 2 ** 20});
    const {records, starts, stop, running} = sweep(redis, planned(seeds.endless, 1));
    await until(() => starts.length > 0 && lines.some((line) => line.includes("has not the memory")));
    expect(records.size).toBe(0);
    stop();
    await running;
  });

  it("tells both sides when they are of different engines", async () => {
    const redis = await startRedis();
    const {lines} = await worker(redis, {engine: "another"});
    const {lines: notices} = sweep(redis, planned(1));
    await until(() =>
      notices.some((line) => /no worker of engine engine listens .* of another version/.test(line)),
    );
    expect(lines).toContainEqual(expect.stringContaining("is of engine engine, and this worker of another"));
  });

  it("tells that nobody listens, and how to change that", async () => {
    const redis = await startRedis();
    const {lines} = sweep(redis, planned(1));
    await until(() => lines.length > 0);
    expect(lines).toEqual([
      `no worker of engine engine listens at ${redis.url}; start one with "bitscape worker --redis ${redis.url}"`,
    ]);
  });

  it("ends an idle worker when that is wanted", async () => {
    const {serving} = await worker(await startRedis(), {idleExit: 1});
    expect(await serving).toBe(0);
  });
});
