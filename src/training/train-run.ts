import type {Kernels} from "../kernels/kernels.js";
import type {Corpus} from "./corpora/corpus.js";
import {createRun, type RunCheckpoint} from "./run.js";
import type {RunRecord} from "./run-record.js";
import type {RunSettings} from "./run-settings.js";

export interface RunProgress {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  /** Training loss of the last step in nats per token. */
  readonly loss: number;
  readonly tokensPerSecond: number;
}

export interface RunOptions {
  /** Called a few times a second; the run waits for a returned promise, so a browser worker can stay responsive. */
  readonly onProgress?: (progress: RunProgress) => void | Promise<void>;
  /** Bytes that the machine has for the run. */
  readonly memoryLimit?: number;
  /** Ends the run early with the signal's reason; nothing is returned. */
  readonly signal?: AbortSignal;
  /** Where a run that was ended early goes on. */
  readonly checkpoints?: Checkpoints;
}

/** Keeps the checkpoint of one run. */
export interface Checkpoints {
  /** Milliseconds between two checkpoints. */
  readonly interval: number;
  /** What was saved last, if it can be used. */
  load(): Promise<RunCheckpoint | undefined>;
  save(checkpoint: RunCheckpoint): Promise<void>;
}

const progressInterval = 200;

/** Pretrains one model, from the first step or a checkpoint to the last step. */
export async function trainRun(
  settings: RunSettings,
  kernels: Kernels,
  corpus: Corpus,
  {onProgress, signal, memoryLimit, checkpoints}: RunOptions = {},
): Promise<RunRecord> {
  const {steps, batch, context} = settings;
  const checkpoint = await checkpoints?.load();
  const run = createRun(settings, kernels, corpus, {memoryLimit, checkpoint});
  try {
    let nextProgress = performance.now() + progressInterval;
    let nextCheckpoint = performance.now() + (checkpoints?.interval ?? 0);
    while (!run.isFinished) {
      signal?.throwIfAborted();
      const {step, loss} = run.step();
      const now = performance.now();
      if (onProgress && !run.diverged && (now >= nextProgress || run.isFinished)) {
        nextProgress = now + progressInterval;
        await onProgress({step, steps, loss, tokensPerSecond: (step * batch * context) / run.seconds});
      }
      if (checkpoints && now >= nextCheckpoint && !run.isFinished) {
        await checkpoints.save(run.save());
        nextCheckpoint = performance.now() + checkpoints.interval;
      }
    }
    return run.record();
  } finally {
    run.close();
  }
}
