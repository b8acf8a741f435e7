import {performance} from "node:perf_hooks";
import {DelayedError, type Job, UnrecoverableError, WaitingError, Worker} from "bullmq";
import {BitscapeError, failure} from "../../errors.js";
import {fetchCorpus} from "../../training/corpora/load-corpus.js";
import {runId} from "../../training/run-id.js";
import type {RunRecord} from "../../training/run-record.js";
import type {Executor, ExecutorEvents, FailedAttempt, PlannedRun} from "../executor.js";
import {largestRunBytes, machineBytes, workerBytes} from "../run-memory.js";
import {originHere} from "../run-origin.js";
import type {RunStore} from "../run-store.js";
import type {RedisLink} from "./connect.js";
import {announce, announceInterval, corpusKey, type Member, newMember} from "./members.js";
import {
  failureText,
  type JobData,
  type JobFailure,
  keyPrefix,
  pack,
  queueName,
  recordKey,
  recordLifetime,
  runOfJob,
} from "./protocol.js";

export interface ServeOptions {
  readonly link: RedisLink;
  readonly engine: string;
  /** Keeps every record before it is sent, and answers for runs that it has. */
  readonly store: RunStore;
  /** One for each run at a time; they stay open. */
  readonly executors: readonly Executor[];
  /** Seconds without a sign of life after which the runs of a worker are given to others. */
  readonly lease: number;
  /** Bytes that the runs may share. */
  readonly memory?: number;
  /** Seconds without a run after which it ends; otherwise it waits for ever. */
  readonly idleExit?: number;
  /** `drain` finishes the runs in flight, `now` gives them back. */
  readonly stop: {readonly drain: AbortSignal; readonly now: AbortSignal};
  readonly say: (line: string) => void;
}

/** Of a run: a record, a failure, or neither because the worker stops. */
type Outcome = {readonly record: RunRecord} | {readonly failure: JobFailure} | {readonly isStopped: true};

/** Milliseconds for which a run rests that this worker cannot compute, so that another one takes it. */
const restOfRefused = 3000;

/** Milliseconds. */
const timeToGiveBack = 3000;

/** Of a run so many workers may be lost, one after another, before it is suspected to be the reason. */
const mostLostWorkers = 10;

/**
 * Computes runs that sweeps submit, until it is stopped.
 * @returns the number of runs done
 * @throws a one-line error when Redis is gone for good, or the store cannot be written
 */
export async function serveRuns(options: ServeOptions): Promise<number> {
  const {link, engine, store, executors, lease, memory = machineBytes(), idleExit, stop, say} = options;
  const self = newMember("worker", engine);
  const running: Record<string, {step: number; loss: number | null}> = {};
  const lacking: Record<string, string> = {};
  const free = [...executors];
  const computing = new Map<string, Promise<Outcome>>();
  const inUse = new Map<string, number>(); // bytes
  const notices = new Set<string>();
  let done = 0;
  let idleSince = performance.now();
  let end: (problem?: unknown) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = (problem) => (problem === undefined ? resolve() : reject(problem));
  });
  ended.catch(() => {}); // it is waited for at the end

  const once = (line: string) => {
    if (notices.has(line)) return;
    notices.add(line);
    say(line);
  };
  const refusal = (error: unknown) => `Redis at ${link.address.shown}: ${(error as Error).message}`;
  const tell = (member: Partial<Member> = {}) =>
    announce(link, {...self, running, lacking, ...member}, lease);

  async function serve(job: Job<JobData>, token: string): Promise<{host: string}> {
    const run = plannedRun(job, engine);
    const known = await store.get(run.id);
    if (!known && ((await isLackingCorpus(run)) || !(await fits(run)))) {
      await job.moveToDelayed(Date.now() + restOfRefused, token);
      throw new DelayedError();
    }
    const outcome = known ? {record: known} : await computeOnce(run);
    if ("failure" in outcome) {
      say(`${name(run)} failed: ${outcome.failure.reason}`);
      throw new UnrecoverableError(failureText(outcome.failure));
    }
    if (!("record" in outcome)) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const origin = known ? ((await store.summary(run.id))?.origin ?? null) : originHere();
    const parcel = await pack({host: self.host, record: outcome.record, origin});
    try {
      await link.client.set(recordKey(run.id), parcel, "EX", recordLifetime.untaken);
    } catch (error) {
      once(refusal(error)); // the record is in the store; the run comes back, to be answered from there
      await job.moveToDelayed(Date.now() + restOfRefused, token);
      throw new DelayedError();
    }
    done++;
    idleSince = performance.now();
    const how = known ? "was done before" : `is done in ${Math.ceil(outcome.record.timing.seconds)} s`;
    say(`${name(run)} ${how}; ${counted(done)} done, ${Object.keys(running).length} in flight`);
    return {host: self.host};
  }

  async function isLackingCorpus(run: PlannedRun): Promise<boolean> {
    const corpus = corpusKey(run.settings);
    if (corpus in lacking) return true;
    const problem = await corpusProblem(run);
    if (problem === undefined) return false;
    lacking[corpus] = problem;
    say(`${name(run)}, and others with this corpus, are left to other workers: ${problem}`);
    return true;
  }

  /** Whether there is memory for one more; a run that would be alone is let try. */
  async function fits(run: PlannedRun): Promise<boolean> {
    if (executors.length === 1) return true;
    const bytes = (await largestRunBytes([run.settings])) + workerBytes;
    if (inUse.size > 0 && bytes + sum(inUse.values()) > 0.9 * memory) {
      once("not as many runs at once as there are workers: this machine has not the memory for these");
      return false;
    }
    inUse.set(run.id, bytes);
    return true;
  }

  /** A run that was taken away and came back while it is being computed is computed once. */
  function computeOnce(run: PlannedRun): Promise<Outcome> {
    const outcome = computing.get(run.id) ?? compute(run).finally(() => computing.delete(run.id));
    computing.set(run.id, outcome);
    return outcome;
  }

  async function compute(run: PlannedRun): Promise<Outcome> {
    const executor = free.pop()!;
    let outcome: Outcome = {isStopped: true};
    running[run.id] = {step: 0, loss: null};
    const events: ExecutorEvents = {
      onStart() {},
      onProgress(id, progress) {
        running[id] = progress;
      },
      async onRecord(_, record) {
        outcome = {record};
        await store.put(record);
      },
      onFailure(_, attempt) {
        outcome = {failure: describeFailure(attempt, self.host)};
      },
      onNotice: say,
    };
    try {
      await executor.run([run], events, {drain: stop.now, now: stop.now}, {retries: 1, failFast: false});
    } catch (problem) {
      end(problem); // such as a full disk: what is computed is sent all the same, and nothing more is begun
    } finally {
      delete running[run.id];
      inUse.delete(run.id);
      free.push(executor);
      idleSince = performance.now();
    }
    return outcome;
  }

  await store.checkWritable();
  const greeting = tell().catch((error) => {
    throw failure(refusal(error));
  });
  await Promise.race([greeting, link.givenUp]);
  const worker = new Worker<JobData, {host: string}>(queueName(engine), (job, token) => serve(job, token!), {
    connection: link.client,
    prefix: keyPrefix,
    skipVersionCheck: true,
    concurrency: executors.length,
    lockDuration: lease * 1000,
    lockRenewTime: (lease * 1000) / 3,
    stalledInterval: (lease * 1000) / 2,
    maxStalledCount: mostLostWorkers,
    runRetryDelay: 1000,
    drainDelay: 2,
  });
  worker.on("error", (error) => {
    if (!isExpected(error) && !link.isLost()) once(refusal(error));
  });
  say(
    `worker on ${self.host}: ${counted(executors.length)} at once, engine ${engine}; ` +
      `waiting for runs from ${link.address.shown}`,
  );

  const pulse = setInterval(async () => {
    if (link.isLost()) return;
    try {
      for (const line of foreignSweeps(await tell(), engine)) once(line);
    } catch (error) {
      if (!link.isLost()) once(refusal(error));
    }
    const isIdle = free.length === executors.length;
    if (idleExit !== undefined && isIdle && performance.now() - idleSince > idleExit * 1000) end();
  }, announceInterval);
  const drain = () => end();
  stop.drain.addEventListener("abort", drain, {once: true});
  stop.now.addEventListener("abort", drain, {once: true});
  if (stop.drain.aborted || stop.now.aborted) end();
  try {
    await Promise.race([ended, link.givenUp]);
  } finally {
    const closing = worker.close();
    await Promise.race([closing, link.givenUp.catch(() => {}), afterNow(stop.now)]);
    clearInterval(pulse);
    if (!link.isLost()) await tell({running: {}, hasLeft: true}).catch(() => {});
  }
  return done;
}

/** The run of a job; its address vouches for the settings. */
function plannedRun({id: job = "", data}: Job<JobData>, engine: string): PlannedRun {
  const id = runOfJob(job);
  if (runId(data.settings, engine) === id) return {id, settings: data.settings, label: data.label};
  const reason = "its settings are not those that its name stands for";
  throw new UnrecoverableError(failureText({reason, host: "", isCurable: false, exitCode: 1}));
}

/** Why the corpus of a run cannot be had on this machine. */
async function corpusProblem({settings}: PlannedRun): Promise<string | undefined> {
  try {
    await fetchCorpus(settings);
    return undefined;
  } catch (error) {
    if (error instanceof BitscapeError) return error.message;
    throw error;
  }
}

/** An executor that tries again has lost its worker, which may go better elsewhere. */
function describeFailure({reason, exitCode, attempt}: FailedAttempt, host: string): JobFailure {
  return {reason, host, isCurable: attempt > 1, exitCode};
}

function foreignSweeps(members: readonly Member[], engine: string): string[] {
  return members
    .filter(({role, hasLeft, engine: other}) => role === "sweep" && !hasLeft && other !== engine)
    .map(
      ({host, engine: other}) =>
        `a sweep on ${host} is of engine ${other}, and this worker of ${engine}: it takes none of its runs until ` +
        "both are of one version",
    );
}

/** Time enough to give the runs in flight back, unless Redis is gone. */
const afterNow = async (now: AbortSignal): Promise<void> => {
  if (!now.aborted) await new Promise((resolve) => now.addEventListener("abort", resolve, {once: true}));
  await new Promise((resolve) => setTimeout(resolve, timeToGiveBack));
};

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

const name = ({id, label}: PlannedRun): string => `run ${id}${label ? ` (${label})` : ""}`;

const counted = (runs: number): string => `${runs} ${runs === 1 ? "run" : "runs"}`;

/** What BullMQ reports of a job that another worker has taken up, or that a restarted server does not know. */
const isExpected = ({message}: Error): boolean =>
  /Missing (lock|key)|could not renew lock|lock mismatch|not in the active state|Connection is closed|ECONN|EPIPE|Socket timeout/i.test(
    message,
  );
