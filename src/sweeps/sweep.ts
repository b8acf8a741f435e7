import type {CorpusEffects} from "../training/corpora/load-corpus.js";
import {computeRuns} from "./compute-runs.js";
import type {Executor, FailedAttempt, PlannedRun, StopSignals} from "./executor.js";
import type {SweepProgress} from "./run-progress.js";
import type {RunStore} from "./run-store.js";
import {type RunSummary, summarize} from "./run-summary.js";

/** How often a run is tried again whose worker was lost, unless someone says otherwise. */
export const defaultRetries = 2;

/** What became of one run of a sweep. */
export type RunOutcome =
  /** Found in the store. */
  | {readonly state: "stored"; readonly run: PlannedRun; readonly summary: RunSummary}
  | {readonly state: "computed"; readonly run: PlannedRun; readonly summary: RunSummary}
  /** Failed for good. */
  | {readonly state: "failed"; readonly run: PlannedRun; readonly reason: string; readonly attempts: number};

export interface SweepOptions {
  readonly store: RunStore;
  readonly executor: Executor;
  readonly retries?: number;
  /** Stops everything when the first run has failed for good; else the others go on. */
  readonly failFast?: boolean;
  readonly stop?: StopSignals;
  /** Receives every run that is finished or failed, at once; nothing of it is held here. */
  readonly onOutcome?: (outcome: RunOutcome) => void;
  /** A failed attempt, also one that is tried again. */
  readonly onFailure?: (run: PlannedRun, attempt: FailedAttempt) => void;
  readonly onProgress?: (progress: SweepProgress) => void;
  /** A line that people should see. */
  readonly onNotice?: (line: string) => void;
  readonly corpora?: CorpusEffects;
}

/** Counts of runs; those neither finished nor failed were not computed because something stopped the sweep. */
export interface SweepTotals {
  readonly runs: number;
  readonly stored: number;
  readonly computed: number;
  readonly failed: number;
}

/**
 * Computes the runs that the store lacks, with any executor. Memory does not grow with the records: they go to the
 * store, and what is told of them are summaries.
 * @throws a one-line error when the store cannot be written, a corpus cannot be had, or nothing can compute
 */
export async function sweep(
  runs: readonly PlannedRun[],
  {
    store,
    executor,
    retries = defaultRetries,
    failFast = false,
    stop = {drain: new AbortController().signal, now: new AbortController().signal},
    onOutcome = () => {},
    onFailure = () => {},
    onProgress = () => {},
    onNotice = console.error,
    corpora = {},
  }: SweepOptions,
): Promise<SweepTotals> {
  const summaries = await store.summaries(runs.map(({id}) => id));
  const missing = new Map<string, PlannedRun>();
  for (const run of runs) {
    const summary = summaries.get(run.id);
    if (summary) onOutcome({state: "stored", run, summary});
    else missing.set(run.id, run);
  }
  const stored = runs.length - missing.size;
  let computed = 0;
  const failed = new Set<string>();
  await computeRuns([...missing.values()], {
    ...{store, executor, retries, failFast, stop, stored, onProgress, onNotice, corpora},
    onRecord(record) {
      computed += 1;
      failed.delete(record.id); // given up with one worker, and finished by another after all
      onOutcome({state: "computed", run: missing.get(record.id)!, summary: summarize(record, null)});
    },
    onFailure(run, attempt) {
      onFailure(run, attempt);
      if (attempt.willRetry) return;
      failed.add(run.id);
      onOutcome({state: "failed", run, reason: attempt.reason, attempts: attempt.attempt});
    },
  });
  return {runs: runs.length, stored, computed, failed: failed.size};
}
