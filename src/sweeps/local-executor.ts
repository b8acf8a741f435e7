import {availableParallelism} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {BitscapeError, failure, usageError} from "../errors.js";
import {packageFolder} from "../training/folders.js";
import {sizeText} from "../training/memory-plan.js";
import type {RunRecord} from "../training/run-record.js";
import type {CheckpointPlace} from "./checkpoint-files.js";
import type {Executor, ExecutorEvents, ExecutorOptions, PlannedRun, StopSignals} from "./executor.js";
import {largestRunBytes, machineBytes, workerBytes, workersThatFit} from "./run-memory.js";
import {type RunProcess, startProcess} from "./run-process.js";

export interface LocalExecutorOptions {
  /** Runs that are computed at once; by default one for each core. */
  readonly workers?: number;
  /** The worker program. */
  readonly program?: URL;
  /** Bytes of memory that workers may share. */
  readonly memory?: number;
  /** Where long runs keep checkpoints, from which they go on when they are tried again. */
  readonly checkpoints?: CheckpointPlace;
}

/** A program that cannot even be started is given up after so many times. */
const mostFailedStarts = 3;

/** A run with the number of the attempt that comes next. */
interface Attempt {
  readonly run: PlannedRun;
  readonly number: number;
}

/**
 * Computes runs on this machine, each in a process: the memory of a run is its own, and a process that is killed costs
 * nothing but what its run has done since its last checkpoint. Processes start when they are needed and serve until
 * `close`.
 */
export function localExecutor({
  workers = availableParallelism(),
  program = pathToFileURL(join(packageFolder, "build/run-worker.js")),
  memory = machineBytes(),
  checkpoints,
}: LocalExecutorOptions = {}): Executor {
  if (!Number.isInteger(workers) || workers < 1)
    throw usageError(`workers: ${workers} is not a whole number from 1`);
  const pool: (RunProcess | undefined)[] = [];
  const stopAll = async () => {
    await Promise.all(pool.map((process) => process?.stop()));
  };
  return {
    async run(runs, events, stop, options) {
      const wanted = Math.min(workers, runs.length);
      const size = await fittingWorkers(runs, wanted, memory, events.onNotice);
      await computeAll(runs, {pool, size, program, stopAll, checkpoints}, events, stop, options);
    },
    close: stopAll,
  };
}

/** Fewer workers than are wanted where the machine has not enough memory for so many of the largest run. */
async function fittingWorkers(
  runs: readonly PlannedRun[],
  wanted: number,
  memory: number,
  onNotice: (line: string) => void,
): Promise<number> {
  if (wanted === 1) return 1; // however large the run is
  const bytes = await largestRunBytes(runs.map(({settings}) => settings));
  const size = Math.min(wanted, workersThatFit(bytes, memory));
  if (size < wanted) {
    onNotice(
      `${size} ${size === 1 ? "worker" : "workers"} instead of ${wanted}: the largest run takes ` +
        `${sizeText(bytes + workerBytes)} and this machine has ${sizeText(memory)}`,
    );
  }
  return size;
}

interface Pool {
  readonly pool: (RunProcess | undefined)[];
  readonly size: number;
  readonly program: URL;
  readonly stopAll: () => Promise<void>;
  readonly checkpoints?: CheckpointPlace;
}

async function computeAll(
  runs: readonly PlannedRun[],
  {pool, size, program, stopAll, checkpoints}: Pool,
  events: ExecutorEvents,
  stop: StopSignals,
  {retries, failFast}: ExecutorOptions,
): Promise<void> {
  const queue: Attempt[] = runs.map((run) => ({run, number: 1})).reverse(); // taken from its end
  let failedStarts = 0;
  let hasStopped = false;
  let error: unknown;

  const stopNow = () => {
    hasStopped = true;
    queue.length = 0;
    return stopAll();
  };
  const drain = () => {
    queue.length = 0;
  };

  async function serve(slot: number): Promise<void> {
    for (let next = queue.pop(); next; next = queue.pop()) await compute(next, slot);
  }

  async function compute({run, number}: Attempt, slot: number): Promise<void> {
    const {id, settings} = run;
    const worker = processOf(slot);
    events.onStart(id, `worker ${slot + 1}`);
    let record: RunRecord;
    try {
      const task = {id, settings, checkpoints};
      record = await worker.compute(task, (progress) => events.onProgress(id, progress));
      if (record.id !== id)
        throw failure('it was computed by another engine: "npm run prepare" brings it up to date');
    } catch (error) {
      return failed({run, number}, worker, error as Error);
    }
    failedStarts = 0;
    await events.onRecord(id, record);
  }

  function processOf(slot: number): RunProcess {
    const process = pool[slot];
    if (process && !process.hasEnded()) return process;
    const fresh = startProcess(program);
    pool[slot] = fresh;
    return fresh;
  }

  async function failed({run, number}: Attempt, worker: RunProcess, error: Error): Promise<void> {
    if (hasStopped) return;
    const isRefused = error instanceof BitscapeError;
    if (!isRefused && stop.drain.aborted) return; // the next sweep tries it again
    if (worker.wasReady()) failedStarts = 0;
    else if (!worker.wasKilled()) failedStarts += 1;
    if (failedStarts >= mostFailedStarts) throw failure(`no worker can be started: ${error.message}`);
    const willRetry = !isRefused && number <= retries;
    const exitCode = isRefused && error.exitCode === 2 ? 2 : 1;
    events.onFailure(run.id, {reason: oneLine(error.message), attempt: number, willRetry, exitCode});
    if (willRetry) queue.push({run, number: number + 1});
    else if (failFast) await stopNow();
  }

  const serveOrStop = async (slot: number) => {
    try {
      await serve(slot);
    } catch (problem) {
      error ??= problem;
      await stopNow();
    }
  };
  stop.drain.addEventListener("abort", drain, {once: true});
  stop.now.addEventListener("abort", stopNow, {once: true});
  if (stop.drain.aborted) drain();
  if (stop.now.aborted) await stopNow();
  await Promise.all(Array.from({length: size}, (_, slot) => serveOrStop(slot)));
  stop.drain.removeEventListener("abort", drain);
  stop.now.removeEventListener("abort", stopNow);
  if (error) throw error;
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ");
