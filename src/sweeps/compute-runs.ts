import {type CorpusEffects, fetchCorpus} from "../training/corpora/load-corpus.js";
import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import type {Executor, FailedAttempt, PlannedRun, StopSignals} from "./executor.js";
import {type Attempt, openFailures} from "./failures.js";
import {type SweepProgress, trackProgress} from "./run-progress.js";
import type {RunStore} from "./run-store.js";
import {runWork} from "./run-work.js";

export interface ComputeOptions {
  readonly store: RunStore;
  readonly executor: Executor;
  /** How often a run is tried again whose worker was lost. */
  readonly retries: number;
  /** Stops everything when the first run has failed for good. */
  readonly failFast: boolean;
  readonly stop: StopSignals;
  /** How many runs of the sweep were finished before; they are counted in the progress. */
  readonly stored: number;
  readonly onProgress: (progress: SweepProgress) => void;
  /** Called when the record is in the store. */
  readonly onRecord: (record: RunRecord) => void;
  readonly onFailure: (run: PlannedRun, attempt: FailedAttempt) => void;
  readonly onNotice: (line: string) => void;
  /** How corpora are found and downloaded before the first run. */
  readonly corpora: CorpusEffects;
}

/**
 * Computes runs and puts their records into the store; failed attempts are recorded beside them until a run succeeds.
 * Whatever would stop every run is found out before the first one. Returns when nothing is in flight any more.
 * @throws a one-line error when the store cannot be written, a corpus cannot be had, or nothing can compute
 */
export async function computeRuns(
  runs: readonly PlannedRun[],
  {store, executor, retries, failFast, stop, stored, corpora, ...tell}: ComputeOptions,
): Promise<void> {
  const tracker = trackProgress(runs, stored);
  const report = () => tell.onProgress(tracker.progress());
  report();
  if (runs.length === 0 || stop.drain.aborted || stop.now.aborted) return;
  await store.checkWritable();
  const isThere = await fetchCorpora(runs, stop, corpora);
  if (!isThere) return;

  const byId = new Map(runs.map((run) => [run.id, run]));
  const failures = openFailures(store.folder);
  const failedBefore = new Set((await failures.list()).keys());
  const finished = new Set<string>();
  const attempts = new Map<string, Attempt[]>();
  const workers = new Map<string, string>();
  let written = Promise.resolve(); // failures, one after the other
  const recordFailure = (run: PlannedRun, reason: string) => {
    const attempt = {reason, time: new Date().toISOString(), worker: workers.get(run.id) ?? ""};
    const known = [...(attempts.get(run.id) ?? []), attempt];
    attempts.set(run.id, known);
    written = written
      .then(() => failures.put({...run, attempts: known}))
      .catch(({message}: Error) => tell.onNotice(message));
  };

  await executor.run(
    longestFirst(runs),
    {
      onStart(id, worker) {
        workers.set(id, worker);
        tracker.start(id, worker);
        report();
      },
      onProgress(id, progress) {
        tracker.step(id, progress);
        report();
      },
      async onRecord(id, record, origin) {
        if (finished.has(id)) return; // of two workers that had the same run, the later
        finished.add(id);
        await store.put(record, origin);
        if (attempts.has(id) || failedBefore.has(id)) await written.then(() => failures.clear(id));
        tracker.finish(id);
        tell.onRecord(record);
        report();
      },
      onFailure(id, attempt) {
        if (finished.has(id)) return;
        const run = byId.get(id)!;
        recordFailure(run, attempt.reason);
        tracker.fail(id, attempt.willRetry);
        tell.onFailure(run, attempt);
        report();
      },
      onNotice: tell.onNotice,
    },
    stop,
    {retries, failFast},
  );
  await written;
}

/** A long run that is begun last keeps one worker busy when the others have nothing left to do; so it is begun first. */
function longestFirst(runs: readonly PlannedRun[]): PlannedRun[] {
  const work = new Map(runs.map(({id, settings}) => [id, runWork(settings)]));
  return [...runs].sort((a, b) => work.get(b.id)! - work.get(a.id)!);
}

/** Whether the corpora are on this machine; they may not be when someone has stopped the sweep. */
async function fetchCorpora(
  runs: readonly PlannedRun[],
  {drain, now}: StopSignals,
  effects: CorpusEffects,
): Promise<boolean> {
  const signal = AbortSignal.any([drain, now]);
  try {
    for (const settings of distinctCorpora(runs)) await fetchCorpus(settings, {signal, ...effects});
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return !signal.aborted;
}

function distinctCorpora(runs: readonly PlannedRun[]): RunSettings[] {
  return [
    ...new Map(
      runs.map(({settings}) => [`${settings.corpus} ${settings.corpusChecksum}`, settings]),
    ).values(),
  ];
}
