import {engineId} from "../kernels/generated.js";
import type {Kernels} from "../kernels/kernels.js";
import type {Corpus} from "./corpora/corpus.js";
import {probeMeter} from "./measure-probe.js";
import {runId} from "./run-id.js";
import {type Probe, type RunRecord, recordVersion} from "./run-record.js";
import type {RunSettings} from "./run-settings.js";
import {createTrainer, type Trainer} from "./trainer.js";
import {weightHash} from "./weight-hash.js";

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
  /** Ends the run early with the signal's reason; nothing is returned. */
  readonly signal?: AbortSignal;
}

const progressInterval = 200;

/** Pretrains one model. The record depends on settings, corpus and engine alone, except for its timing. */
export async function trainRun(
  settings: RunSettings,
  kernels: Kernels,
  corpus: Corpus,
  {onProgress, signal}: RunOptions = {},
): Promise<RunRecord> {
  const {steps, batch, context, evaluateEvery, evaluationBatches} = settings;
  const memory = kernels.mark();
  try {
    const start = performance.now();
    const trainer = createTrainer(settings, kernels, corpus);
    const meter = settings.probe ? probeMeter(kernels) : undefined;
    const probes: Probe[] = meter ? probeAll(trainer, meter, "initial") : [];
    const trainingLoss: number[] = [];
    const heldOutLoss: {step: number; loss: number}[] = [];
    let diverged: RunRecord["diverged"] = null;
    let nextProgress = start + progressInterval;

    for (let step = 1; step <= steps; step++) {
      signal?.throwIfAborted();
      const loss = trainer.step();
      if (!Number.isFinite(loss)) {
        diverged = {step, reason: "the training loss is not a finite number"};
        break;
      }
      trainingLoss.push(loss);
      if (step === steps || (evaluateEvery > 0 && step % evaluateEvery === 0)) {
        heldOutLoss.push({step, loss: trainer.evaluate(evaluationBatches)});
      }
      const now = performance.now();
      if (onProgress && (now >= nextProgress || step === steps)) {
        nextProgress = now + progressInterval;
        const tokensPerSecond = (step * batch * context * 1000) / (now - start);
        await onProgress({step, steps, loss, tokensPerSecond});
      }
    }
    if (meter && !diverged) probes.push(...probeAll(trainer, meter, "trained"));

    const seconds = (performance.now() - start) / 1000;
    const tokens = (trainingLoss.length + (diverged ? 1 : 0)) * batch * context;
    return {
      id: runId(settings, engineId),
      version: recordVersion,
      engine: engineId,
      settings,
      parameters: trainer.parameterCount,
      tokens,
      vocabularySize: corpus.vocabularySize,
      trainingLoss,
      heldOutLoss,
      finalTrainingLoss: diverged ? null : mean(trainingLoss.slice(-Math.ceil(steps / 10))),
      finalHeldOutLoss: diverged ? null : heldOutLoss[heldOutLoss.length - 1].loss,
      floor: corpus.floor,
      diverged,
      probes,
      weightHash: weightHash(trainer.weights()),
      timing: {seconds, tokensPerSecond: tokens / seconds},
    };
  } finally {
    kernels.release(memory);
  }
}

/** Probes every tensor once; layers are numbered in the order in which the forward pass meets them. */
function probeAll(trainer: Trainer, meter: ReturnType<typeof probeMeter>, stage: Probe["stage"]): Probe[] {
  const depths = new Map<string, number>();
  const probes: Probe[] = [];
  trainer.probe((point) => {
    if (!depths.has(point.layer)) depths.set(point.layer, depths.size);
    probes.push({stage, depth: depths.get(point.layer)!, ...meter(point)});
  });
  return probes;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
