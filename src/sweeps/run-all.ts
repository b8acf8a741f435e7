import {BitscapeError, interruption} from "../errors.js";
import {engineId} from "../kernels/generated.js";
import type {CorpusEffects} from "../training/corpora/load-corpus.js";
import {runId} from "../training/run-id.js";
import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import {computeRuns} from "./compute-runs.js";
import type {FailedAttempt, PlannedRun} from "./executor.js";
import {type LocalExecutorOptions, localExecutor} from "./local-executor.js";
import {plannedRuns} from "./planned-runs.js";
import type {PublishedRuns} from "./published.js";
import {plainReason, type ReasonOf} from "./refusal-reason.js";
import type {SweepProgress} from "./run-progress.js";
import type {RunStore} from "./run-store.js";
import {defaultRetries} from "./sweep.js";

export interface RunAllOptions extends Omit<LocalExecutorOptions, "checkpoints"> {
  readonly store: RunStore;
  /** Records that stand for runs which the store does not have. */
  readonly published?: PublishedRuns;
  readonly onProgress?: (progress: SweepProgress) => void;
  /** Receives a line that people should see. */
  readonly onNotice?: (line: string) => void;
  /** Stops everything; finished runs stay in the store. */
  readonly signal?: AbortSignal;
  /** How corpora are found and downloaded before the first run. */
  readonly corpora?: CorpusEffects;
  readonly engine?: string;
  /** How often a run is tried again whose worker was lost. */
  readonly retries?: number;
  readonly reasonOf?: ReasonOf;
}

/**
 * The records of all runs, in order: from the store where they are finished, as published, or else computed on this
 * machine and put into the store. Equal runs are computed once. For those who need records; `sweep` holds none.
 * @throws a one-line error that names the first run that failed; runs finished until then stay in the store
 */
export async function runAll(
  settings: readonly RunSettings[],
  {
    store,
    published = () => undefined,
    onProgress = () => {},
    onNotice = console.error,
    signal = new AbortController().signal,
    corpora = {},
    engine = engineId,
    retries = defaultRetries,
    reasonOf = plainReason,
    ...pool
  }: RunAllOptions,
): Promise<RunRecord[]> {
  const executor = localExecutor({...pool, checkpoints: {storeFolder: store.folder}});
  const runs = plannedRuns(settings, engine);
  const records = new Map<string, RunRecord>();
  for (const {id, settings} of runs) {
    const record = (await store.get(id)) ?? published(settings);
    if (record) records.set(id, record);
  }
  let firstFailure: BitscapeError | undefined;
  try {
    await computeRuns(
      runs.filter(({id}) => !records.has(id)),
      {
        ...{store, executor, retries, failFast: true, stored: records.size, corpora, onProgress, onNotice},
        stop: {drain: signal, now: signal},
        onRecord: (record) => records.set(record.id, record),
        onFailure: (run, attempt) => {
          if (!attempt.willRetry) firstFailure ??= failureOf(run, attempt, reasonOf);
        },
      },
    );
  } finally {
    await executor.close();
  }
  if (firstFailure) throw firstFailure;
  if (records.size < runs.length)
    throw interruption(`interrupted: ${records.size} of ${runs.length} runs are finished and kept`);
  return settings.map((run) => records.get(runId(run, engine))!);
}

const failureOf = (run: PlannedRun, attempt: FailedAttempt, reasonOf: ReasonOf): BitscapeError =>
  new BitscapeError(
    `the run${run.label && ` ${run.label}`} failed: ${reasonOf(run, attempt)}`,
    attempt.exitCode,
  );
