import {availableParallelism} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {BitscapeError, failure, usageError} from "../errors.js";
import {engineId} from "../kernels/generated.js";
import {type CorpusEffects, fetchCorpus} from "../training/corpora/load-corpus.js";
import {packageFolder} from "../training/folders.js";
import {runId} from "../training/run-id.js";
import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import type {PublishedRuns} from "./published.js";
import {runLabels} from "./run-label.js";
import {type RunStatus, type SweepProgress, sweepProgress} from "./run-progress.js";
import type {RunStore} from "./run-store.js";
import {type RunThread, startThread} from "./run-thread.js";

export interface RunAllOptions {
  readonly store: RunStore;
  /** Records that stand for runs which the store does not have. */
  readonly published?: PublishedRuns;
  /** Runs that are computed at once; by default one for each core. */
  readonly workers?: number;
  readonly onProgress?: (progress: SweepProgress) => void;
  /** Stops everything; finished runs stay in the store. */
  readonly signal?: AbortSignal;
  /** How corpora are found and downloaded before the first run. */
  readonly corpora?: CorpusEffects;
  readonly engine?: string;
  /** The worker program. */
  readonly program?: URL;
}

/** A run on its way. */
interface Job extends RunStatus {
  readonly settings: RunSettings;
  state: RunStatus["state"];
  step: number;
  loss: number | null;
  record?: RunRecord;
}

/**
 * The records of all runs, in order: from the store where they are finished, as published, or else computed on worker
 * threads and put into the store. Equal runs are computed once.
 * @throws a one-line error that names the first run that failed; runs finished until then stay in the store
 */
export async function runAll(
  settings: readonly RunSettings[],
  {
    store,
    published = () => undefined,
    workers = availableParallelism(),
    onProgress = () => {},
    signal,
    corpora = {},
    engine = engineId,
    program = pathToFileURL(join(packageFolder, "build/run-worker.js")),
  }: RunAllOptions,
): Promise<RunRecord[]> {
  if (!Number.isInteger(workers) || workers < 1)
    throw usageError(`workers: ${workers} is not a whole number from 1`);
  const jobs = await findJobs(settings, engine, {store, published});
  const waiting = [...jobs.values()].filter(({state}) => state === "waiting");
  const start = performance.now();
  const report = () => onProgress(sweepProgress([...jobs.values()], (performance.now() - start) / 1000));
  report();
  if (waiting.length > 0) {
    await store.checkWritable();
    for (const run of distinctCorpora(waiting)) await fetchCorpus(run, {signal, ...corpora});
    await computeAll(waiting, {store, program, report, signal, threads: Math.min(workers, waiting.length)});
  }
  return settings.map((run) => jobs.get(runId(run, engine))!.record!);
}

/** The distinct runs by id, with the records of those that are finished. */
async function findJobs(
  settings: readonly RunSettings[],
  engine: string,
  {store, published}: Required<Pick<RunAllOptions, "store" | "published">>,
): Promise<ReadonlyMap<string, Job>> {
  const distinct = new Map(settings.map((run) => [runId(run, engine), run]));
  const labels = runLabels([...distinct.values()]);
  const jobs = new Map<string, Job>();
  for (const [id, run] of distinct) {
    const record = (await store.get(id)) ?? published(run);
    const progress = record
      ? ({state: "stored", step: run.steps, loss: record.finalTrainingLoss, record} as const)
      : ({state: "waiting", step: 0, loss: null} as const);
    jobs.set(id, {id, label: labels[jobs.size], settings: run, steps: run.steps, ...progress});
  }
  return jobs;
}

function distinctCorpora(jobs: readonly Job[]): RunSettings[] {
  const runs = jobs.map(({settings}) => settings);
  return [...new Map(runs.map((run) => [`${run.corpus} ${run.corpusChecksum}`, run])).values()];
}

interface Computation {
  readonly store: RunStore;
  readonly program: URL;
  readonly threads: number;
  readonly report: () => void;
  readonly signal?: AbortSignal;
}

async function computeAll(
  jobs: readonly Job[],
  {store, program, threads, report, signal}: Computation,
): Promise<void> {
  const pool = Array.from({length: threads}, () => startThread(program));
  const stopAll = () => Promise.all(pool.map((thread) => thread.stop()));
  const queue = jobs.values(); // shared by the threads
  let firstError: unknown;
  const serve = async (thread: RunThread) => {
    try {
      for (const job of queue) await compute(job, thread, store, report);
    } catch (error) {
      firstError ??= error;
      await stopAll();
    }
  };
  signal?.addEventListener("abort", stopAll, {once: true});
  if (signal?.aborted) await stopAll();
  await Promise.all(pool.map(serve));
  await stopAll();
  signal?.removeEventListener("abort", stopAll);
  if (firstError) throw signal?.aborted ? interruption(jobs) : firstError;
}

async function compute(job: Job, thread: RunThread, store: RunStore, report: () => void): Promise<void> {
  job.state = "running";
  report();
  job.record = await computeRecord(job, thread, report);
  await store.put(job.record);
  job.state = "finished";
  job.step = job.steps;
  job.loss = job.record.finalTrainingLoss;
  report();
}

async function computeRecord(job: Job, thread: RunThread, report: () => void): Promise<RunRecord> {
  const {id, label, settings} = job;
  const name = label ? `the run ${label}` : "the run";
  let record: RunRecord;
  try {
    record = await thread.compute(settings, ({step, loss}) => {
      job.step = step;
      job.loss = loss;
      report();
    });
  } catch (error) {
    const {message} = error as Error;
    throw new BitscapeError(
      `${name} failed: ${message}`,
      error instanceof BitscapeError ? error.exitCode : 1,
    );
  }
  if (record.id !== id)
    throw failure(`${name} was computed by another engine: "npm run prepare" brings it up to date`);
  return record;
}

function interruption(jobs: readonly Job[]): BitscapeError {
  const finished = jobs.filter(({state}) => state === "finished").length;
  return failure(`interrupted: ${finished} of ${jobs.length} runs are finished and kept`);
}
