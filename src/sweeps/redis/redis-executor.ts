import {setTimeout as sleep} from "node:timers/promises";
import {Queue} from "bullmq";
import {BitscapeError, failure} from "../../errors.js";
import type {Executor, ExecutorEvents, ExecutorOptions, PlannedRun, StopSignals} from "../executor.js";
import type {RedisAddress} from "./address.js";
import {type ConnectOptions, connectRedis, type RedisLink} from "./connect.js";
import {announce, announceInterval, corpusKey, type Member, newMember, serves} from "./members.js";
import {
  type JobData,
  type JobFailure,
  jobId,
  keyPrefix,
  queueName,
  readFailure,
  recordKey,
  recordLifetime,
  runOfJob,
  unpack,
} from "./protocol.js";

/*
 * What is true where, and what is lost when something dies.
 *
 * A run is finished when its record is in the sweep's store. Everything else can be lost:
 * - Redis holds jobs, which follow from the plan, and records on their way, which workers keep in stores of their own. When
 *   it comes back empty, the sweep submits again what it misses, unless a worker says that it computes it. Workers that have
 *   a record answer from their store.
 * - A worker puts a record into its store, then into Redis, and then ends the job. Killed before, it stops renewing its
 *   claim on the job, and BullMQ gives the job to another worker; killed between, the next one finds the record in the store
 *   or makes it once more, to the same bits.
 * - The sweep puts a record into its store, then lets Redis forget job and record. Killed before, the next sweep finds them;
 *   killed between, it has the record and removes nothing that another could need.
 * - Two sweeps may want the same run: it is one job. The one that comes second finds the record, or submits the run again.
 */

export interface RedisExecutorOptions extends Pick<ConnectOptions, "timeout" | "waitAtStart"> {
  readonly address: RedisAddress;
  readonly engine: string;
  /** Seconds without a sign of life after which a worker counts as lost. */
  readonly lease?: number;
}

/** Milliseconds. */
const times = {
  /** Between two looks at what is finished. */
  look: 250,
  /** Between two looks at every run that is missing: at least this long, and so long for each of them. */
  review: 1000,
  reviewEach: 0.5,
  /** After the server came back, for workers to say what they are computing. */
  settle: 2 * announceInterval,
  /** Without any worker, until people are told. */
  patience: 5000,
  /** For which workers may join that have a corpus which all others lack. */
  corpus: 60_000,
  /** For a server to take back what was submitted, when everything is to stop now. */
  withdraw: 2000,
} as const;

/** BullMQ does not tell that a server refused jobs; so many times that they are missing tell it. */
const mostSubmissions = 3;

/** Runs that are asked for or submitted in one go. */
const chunkSize = 500;

interface Pending {
  readonly run: PlannedRun;
  /** Attempts that gave nothing: they failed, or their workers were lost. */
  attempts: number;
  /** Attempts that failed. */
  failures: number;
  /** How often it was submitted since the server was last seen to lose its data. */
  submissions: number;
  /** The worker that computes it, as far as is known, and its machine. */
  worker?: {readonly id: string; readonly host: string};
  /** Since when all workers lack its corpus. */
  lackedSince?: number;
}

/** Has runs computed by the workers that listen at a Redis, wherever they are; see `serveRuns`. */
export function redisExecutor(options: RedisExecutorOptions): Executor {
  const links: RedisLink[] = [];
  return {
    async run(runs, events, stop, limits) {
      const {address, engine, lease = 30, ...patience} = options;
      const link = await connectRedis(address, {...patience, say: events.onNotice, signal: stop.drain});
      links.push(link);
      await computeAll(runs, {link, engine, lease}, events, stop, limits);
    },
    async close() {
      for (const link of links) link.close();
    },
  };
}

interface Place {
  readonly link: RedisLink;
  readonly engine: string;
  readonly lease: number;
}

async function computeAll(
  runs: readonly PlannedRun[],
  {link, engine, lease}: Place,
  events: ExecutorEvents,
  stop: StopSignals,
  {retries, failFast}: ExecutorOptions,
): Promise<void> {
  const pending = new Map<string, Pending>(
    runs.map((run) => [run.id, {run, attempts: 0, failures: 0, submissions: 0}]),
  );
  const self = newMember("sweep", engine);
  const queue = new Queue<JobData>(queueName(engine), {
    ...{connection: link.client, prefix: keyPrefix, skipVersionCheck: true},
    defaultJobOptions: {
      attempts: 1, // whether a run is tried again is decided here
      removeOnComplete: {age: recordLifetime.untaken},
      removeOnFail: {age: recordLifetime.untaken},
    },
  });
  queue.on("error", () => {}); // the link tells of lost connections, and commands of what they meet
  const notices = new Set<string>();
  const once = (line: string) => {
    if (!notices.has(line)) events.onNotice(line);
    notices.add(line);
  };
  let isFresh = true;
  let nextReview = 0;
  let nextAnnouncement = 0;
  let workerSeen = performance.now();
  let members: readonly Member[] = [];
  let hasWithdrawn = false;
  let hasGivenUp = false;
  let settledAt = 0;
  let troubleSince: number | undefined;
  link.onBack(() => {
    for (const entry of pending.values()) entry.submissions = 0;
    settledAt = nextReview = performance.now() + times.settle;
  });

  /** Runs that are finished, for good or ill, as BullMQ lists them; the newest first. */
  async function look(): Promise<void> {
    const jobs = await queue.getRanges(["completed", "failed"], 0, chunkSize, false);
    const ids = jobs.map(runOfJob).filter((id) => pending.has(id));
    if (ids.length > 0) await review(ids);
  }

  /** Takes what is there of some runs, and submits what is missing. */
  async function review(ids: readonly string[]): Promise<void> {
    const states = await statesOf(ids);
    const missing: Pending[] = [];
    for (const [index, id] of ids.entries()) {
      const entry = pending.get(id);
      if (!entry) continue;
      const {hasRecord, isKnown, hasEnded, failedReason} = states[index];
      if (isKnown) entry.submissions = 0;
      if (hasRecord) await take(entry);
      else if (hasEnded && failedReason && !isFresh) await fail(entry, readFailure(failedReason));
      else if (hasEnded) {
        await remove(id);
        missing.push(entry);
      } else if (isRunning(id)) continue;
      else if (!isKnown) missing.push(entry);
      else if (hasWithdrawn && (await remove(id))) pending.delete(id);
    }
    if (!hasWithdrawn) await submit(missing);
    else for (const {run} of missing) pending.delete(run.id);
  }

  interface State {
    readonly hasRecord: boolean;
    readonly isKnown: boolean;
    readonly hasEnded: boolean;
    readonly failedReason: string | null;
  }

  async function statesOf(ids: readonly string[]): Promise<State[]> {
    const pipeline = link.client.pipeline();
    for (const id of ids) {
      pipeline.hmget(queue.toKey(jobId(id)), "timestamp", "finishedOn", "failedReason");
      pipeline.exists(recordKey(id)); // after the job: one that has ended has left its record
    }
    const replies = ((await pipeline.exec()) ?? []).map(([error, reply]) => {
      if (error) throw error;
      return reply;
    });
    return ids.map((_, index) => {
      const [timestamp, finishedOn, failedReason] = replies[2 * index] as (string | null)[];
      return {
        hasRecord: replies[2 * index + 1] === 1,
        isKnown: timestamp !== null,
        hasEnded: finishedOn !== null,
        failedReason,
      };
    });
  }

  async function submit(entries: readonly Pending[]): Promise<void> {
    if (entries.length === 0) return;
    await queue.addBulk(
      entries.map(({run: {id, settings, label}}) => ({
        name: "run",
        data: {settings, label},
        opts: {jobId: jobId(id)},
      })),
    );
    if (entries.some((entry) => ++entry.submissions > mostSubmissions))
      throw new Error("it does not keep the runs that it is given; is it out of memory?");
  }

  /** Whether a job could be removed: one that a worker holds stays. */
  const remove = (id: string): Promise<boolean> => queue.remove(jobId(id)).then((count) => count === 1);

  async function take(entry: Pending): Promise<void> {
    const {id} = entry.run;
    const bytes = await link.client.getBuffer(recordKey(id));
    if (!bytes) return; // the next review submits it again
    const parcel = await unpack(bytes, id);
    if ("problem" in parcel) {
      await link.client.del(recordKey(id));
      await fail(entry, {
        reason: `the record that came through Redis ${parcel.problem}`,
        host: "",
        isCurable: true,
        exitCode: 1,
      });
      return;
    }
    if (!entry.worker) events.onStart(id, parcel.host);
    pending.delete(id);
    await events.onRecord(id, parcel.record, parcel.origin);
    await link.client.expire(recordKey(id), recordLifetime.taken);
    await remove(id);
  }

  async function fail(entry: Pending, {reason, host, isCurable, exitCode}: JobFailure): Promise<void> {
    const {id} = entry.run;
    if (!entry.worker) events.onStart(id, host);
    entry.worker = undefined;
    entry.failures++;
    const willRetry = isCurable && entry.failures <= retries && !hasWithdrawn;
    await remove(id);
    if (!willRetry) pending.delete(id);
    const where = host ? ` (on ${host})` : "";
    events.onFailure(id, {reason: reason + where, attempt: ++entry.attempts, willRetry, exitCode});
    entry.submissions = 0;
    if (willRetry) await submit([entry]);
    else if (failFast) {
      await withdraw();
      hasGivenUp = true;
    }
  }

  /** Submits no more, and takes back what no worker has begun. */
  async function withdraw(): Promise<void> {
    hasWithdrawn = true;
    for (const chunk of chunksOf([...pending.keys()])) {
      const unclaimed = chunk.filter((id) => !isRunning(id));
      await Promise.all(unclaimed.map(async (id) => (await remove(id)) && pending.delete(id)));
    }
    nextReview = 0;
  }

  const isRunning = (id: string): boolean =>
    members.some((member) => serves(member, engine) && id in member.running);

  /** Follows what the workers say of themselves. */
  async function hearMembers(): Promise<void> {
    members = await announce(link, self, lease);
    const workers = members.filter((member) => serves(member, engine));
    for (const {id: worker, host, running} of workers) {
      for (const [id, {step, loss}] of Object.entries(running)) {
        const entry = pending.get(id);
        if (!entry) continue;
        if (entry.worker?.id !== worker) events.onStart(id, host);
        entry.worker = {id: worker, host};
        if (loss !== null) events.onProgress(id, {step, loss});
      }
    }
    noticeLost();
    noticeNobody(workers);
    await noticeLacking(workers);
  }

  /** BullMQ gives the run to another worker; here it is only told. */
  function noticeLost(): void {
    if (performance.now() < settledAt) return;
    for (const entry of pending.values()) {
      const {run, worker} = entry;
      if (!worker || members.some(({id}) => id === worker.id)) continue;
      entry.worker = undefined;
      const reason = `the worker on ${worker.host} was lost`;
      events.onFailure(run.id, {reason, attempt: ++entry.attempts, willRetry: true, exitCode: 1});
    }
  }

  function noticeNobody(workers: readonly Member[]): void {
    const now = performance.now();
    if (workers.length > 0) workerSeen = now;
    if (now - workerSeen < times.patience) return;
    workerSeen = Number.POSITIVE_INFINITY; // told once, until one has been seen
    const others = members.filter(({role, hasLeft}) => role === "worker" && !hasLeft);
    const hint =
      others.length === 0
        ? `start one with "bitscape worker --redis ${link.address.shown}"`
        : `${others.length} of another version listen, on ${hostsOf(others)}: all must be of one version`;
    events.onNotice(`no worker of engine ${engine} listens at ${link.address.shown}; ${hint}`);
  }

  /** A run whose corpus no worker has fails, unless one joins that has it. */
  async function noticeLacking(workers: readonly Member[]): Promise<void> {
    for (const {host, lacking} of workers) {
      for (const reason of Object.values(lacking)) once(`worker on ${host}: ${reason}`);
    }
    const shared = new Map(
      Object.entries(workers[0]?.lacking ?? {}).filter(([corpus]) =>
        workers.every(({lacking}) => corpus in lacking),
      ),
    );
    const now = performance.now();
    for (const entry of [...pending.values()]) {
      const reason = shared.get(corpusKey(entry.run.settings));
      if (reason === undefined) {
        entry.lackedSince = undefined;
        continue;
      }
      entry.lackedSince ??= now;
      if (now - entry.lackedSince < times.corpus) continue;
      await fail(entry, {
        reason: `no worker has the corpus: ${reason}`,
        host: "",
        isCurable: false,
        exitCode: 1,
      });
    }
  }

  async function followRuns(): Promise<void> {
    if (performance.now() >= nextAnnouncement) {
      await hearMembers();
      nextAnnouncement = performance.now() + announceInterval;
    }
    if (stop.drain.aborted && !hasWithdrawn) await withdraw();
    if (performance.now() >= nextReview) {
      nextReview = performance.now() + Math.max(times.review, times.reviewEach * pending.size);
      for (const chunk of chunksOf([...pending.keys()])) await review(chunk);
      isFresh = false;
      troubleSince = undefined;
    } else await look();
  }

  /** A server that refuses what is asked may come to itself: its disk was full, or its memory. */
  async function followPatiently(): Promise<void> {
    try {
      await followRuns();
    } catch (error) {
      if (error instanceof BitscapeError) throw error;
      if (link.isLost()) return;
      const problem = `Redis at ${link.address.shown}: ${(error as Error).message}`;
      once(problem);
      troubleSince ??= performance.now();
      if (performance.now() - troubleSince > link.timeout * 1000) throw failure(problem);
    }
  }

  const work = async () => {
    while (pending.size > 0 && !hasGivenUp && !stop.now.aborted) {
      await followPatiently();
      await sleep(times.look);
    }
  };
  const working = work();
  working.catch(() => {}); // it may outlast the race
  try {
    await Promise.race([working, link.givenUp, aborted(stop.now)]);
    if (stop.now.aborted && !link.isLost()) await Promise.race([withdraw(), sleep(times.withdraw)]);
  } finally {
    if (!link.isLost()) {
      const leaving = announce(link, {...self, hasLeft: true}, lease).catch(() => {});
      await Promise.race([leaving, sleep(times.withdraw)]);
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), {once: true});
  });

function chunksOf<T>(items: readonly T[]): T[][] {
  return Array.from({length: Math.ceil(items.length / chunkSize)}, (_, index) =>
    items.slice(index * chunkSize, (index + 1) * chunkSize),
  );
}

const hostsOf = (members: readonly Member[]): string =>
  [...new Set(members.map(({host}) => host))].sort().join(", ");
