import {countAllocations} from "../kernels/count-allocations.js";
import {engineId} from "../kernels/generated.js";
import type {Kernels} from "../kernels/kernels.js";
import type {Corpus} from "./corpora/corpus.js";
import {divergenceWatch, explosion, weightCheckInterval} from "./divergence.js";
import {type MemoryPlan, reserveMemory} from "./memory-plan.js";
import {parsePostTraining} from "./parse-post-training.js";
import {checkPostTraining, postTrainingLosses} from "./post-training.js";
import {createProber, type Observation, type Prober} from "./prober.js";
import {runId} from "./run-id.js";
import {
  type Divergence,
  type GradientToNoise,
  type HeldOutLoss,
  type PostTrainingLoss,
  type Probe,
  type RunRecord,
  recordVersion,
} from "./run-record.js";
import type {RunSettings} from "./run-settings.js";
import {createTrainer, type TrainerState} from "./trainer.js";
import {weightHash} from "./weight-hash.js";

/** What came of one step. */
export interface StepResult {
  /** Steps done, this one included. */
  readonly step: number;
  /** Training loss in nats per token: the mean of the batch before the update. */
  readonly loss: number;
  /** Held-out loss after the step, where the settings ask for it. */
  readonly heldOutLoss: number | null;
  /** What was probed in the step and after it, where the settings ask for it. */
  readonly probes: readonly Probe[];
}

/** An unfinished run between two steps: what it needs to go on, and what it has measured. */
export interface RunCheckpoint {
  readonly trainer: TrainerState;
  readonly trainingLoss: readonly number[];
  readonly heldOutLoss: readonly HeldOutLoss[];
  readonly probes: readonly Probe[];
  readonly gradientToNoise: readonly GradientToNoise[];
  /** Seconds spent in `step`. */
  readonly seconds: number;
}

/**
 * One pretraining run, a step at a time. It can rest between any two steps; looking at it changes nothing: the record
 * depends on settings, corpus and engine alone, except for its timing.
 */
export interface Run {
  readonly settings: RunSettings;
  /** Number of trained values. */
  readonly parameterCount: number;
  readonly memory: MemoryPlan;
  readonly stepsDone: number;
  /** Whether there is no step left to do: all are done, or the run has diverged. */
  readonly isFinished: boolean;
  readonly diverged: Divergence | null;
  /** Training loss of each step done, but for one that is not finite. */
  readonly trainingLoss: readonly number[];
  readonly heldOutLoss: readonly HeldOutLoss[];
  /** All that was probed because the settings ask for it. */
  readonly probes: readonly Probe[];
  readonly gradientToNoise: readonly GradientToNoise[];
  /** Seconds spent in `step`. */
  readonly seconds: number;
  /** The next step, with the measurements that the settings ask for. @throws when the run is finished */
  step(): StepResult;
  /** Held-out loss in nats per token at this moment, over as many batches as the settings say, or over `batches`. */
  evaluate(batches?: number): number;
  /**
   * Probes every tensor at this moment, on the batch of the next step; `probes` stays as it is.
   * @throws where the settings ask for no probes, so that nothing was allocated for them
   */
  probe(): readonly Probe[];
  /** @throws when the run is finished: then there is a record */
  save(): RunCheckpoint;
  /** @throws when the run is not finished */
  record(): RunRecord;
  /** Gives the memory back, also that of runs made later on the same kernels; nothing else can be called after it. */
  close(): void;
}

export interface CreateRunOptions {
  /** Bytes that the machine has for the run. */
  readonly memoryLimit?: number;
  /** Of a run with the same settings, by the same engine: the run goes on from there. */
  readonly checkpoint?: RunCheckpoint;
}

/**
 * A run before its first step, or where its checkpoint was saved. Its memory is planned and allocated here.
 * @throws a BitscapeError of one line when the run does not fit, with the size that it would need
 */
export function createRun(
  settings: RunSettings,
  kernels: Kernels,
  corpus: Corpus,
  {memoryLimit = Number.POSITIVE_INFINITY, checkpoint}: CreateRunOptions = {},
): Run {
  const {steps, batch, context, evaluateEvery, evaluationBatches, probe, probeEvery} = settings;
  const start = kernels.mark();
  const postTrainingItems = parsePostTraining(settings.postTraining);
  const memory = planMemory(settings, kernels, corpus);
  reserveMemory(kernels, memory, memoryLimit);
  const {trainer, prober} = layOut(settings, kernels, corpus);
  if (checkpoint) trainer.restore(checkpoint.trainer);
  const trainingLoss = [...(checkpoint?.trainingLoss ?? [])];
  const heldOutLoss = [...(checkpoint?.heldOutLoss ?? [])];
  const probes = [...(checkpoint?.probes ?? [])];
  const gradientToNoise = [...(checkpoint?.gradientToNoise ?? [])];
  let postTraining: readonly PostTrainingLoss[] = [];
  let diverged: Divergence | null = null;
  let stepsDone = checkpoint?.trainer.stepsDone ?? 0;
  let seconds = checkpoint?.seconds ?? 0;

  const isProbed = (step: number) =>
    (probe && (step === 0 || step === steps)) || (probeEvery > 0 && step % probeEvery === 0);
  const isEvaluated = (step: number) => step === steps || (evaluateEvery > 0 && step % evaluateEvery === 0);
  const isWeightCheck = (step: number) => step === steps || step % weightCheckInterval === 0;
  const findDivergence = divergenceWatch(corpus.vocabularySize, kernels);
  for (const loss of trainingLoss.slice(-explosion.steps)) findDivergence({loss, heldOutLoss: null});
  const isFinished = () => diverged !== null || stepsDone === steps;
  const observe = (watched: Parameters<Prober>[1]): Observation => {
    if (!prober) throw new Error("the settings of the run ask for no probes");
    return prober(stepsDone, watched);
  };

  function step(): StepResult {
    if (isFinished()) throw new Error("the run is finished");
    const start = performance.now();
    const observations: Observation[] = [];
    let loss = Number.NaN;
    if (isProbed(stepsDone)) {
      observations.push(
        observe((observer) => {
          loss = trainer.step(observer);
        }),
      );
    } else loss = trainer.step();
    stepsDone += 1;
    const isHealthy = Number.isFinite(loss);
    const heldOut = isHealthy && isEvaluated(stepsDone) ? trainer.evaluate(evaluationBatches) : null;
    const weightsAreFinite = isWeightCheck(stepsDone) ? trainer.weightsAreFinite() : undefined;
    const reason = findDivergence({loss, heldOutLoss: heldOut, weightsAreFinite});
    if (reason) diverged = {step: stepsDone, reason};
    if (isHealthy) trainingLoss.push(loss);
    if (heldOut !== null) heldOutLoss.push({step: stepsDone, loss: heldOut});
    if (!diverged && stepsDone === steps) {
      postTraining = postTrainingLosses(postTrainingItems, kernels, trainer, evaluationBatches);
    }
    if (!diverged && stepsDone === steps && isProbed(steps)) observations.push(observe(trainer.probe));
    const found = observations.flatMap((observation) => observation.probes);
    probes.push(...found);
    gradientToNoise.push(...observations.flatMap(noiseRatio));
    seconds += (performance.now() - start) / 1000;
    return {step: stepsDone, loss, heldOutLoss: heldOut, probes: found};
  }

  function save(): RunCheckpoint {
    if (isFinished()) throw new Error("the run is finished");
    return {
      trainer: trainer.save(),
      trainingLoss: [...trainingLoss],
      heldOutLoss: [...heldOutLoss],
      probes: [...probes],
      gradientToNoise: [...gradientToNoise],
      seconds,
    };
  }

  function record(): RunRecord {
    if (!isFinished()) throw new Error(`the run is not finished: ${stepsDone} of ${steps} steps are done`);
    const tokens = stepsDone * batch * context;
    return {
      id: runId(settings, engineId),
      version: recordVersion,
      engine: engineId,
      settings,
      parameters: trainer.parameterCount,
      memory,
      tokens,
      vocabularySize: corpus.vocabularySize,
      trainingLoss,
      heldOutLoss,
      finalTrainingLoss: diverged ? null : mean(trainingLoss.slice(-Math.ceil(steps / 10))),
      finalHeldOutLoss: diverged ? null : heldOutLoss[heldOutLoss.length - 1].loss,
      floor: corpus.floor,
      postTraining,
      diverged,
      probes,
      gradientToNoise,
      lossScaling: trainer.lossScaling(),
      weightHash: weightHash(trainer.weights()),
      timing: {seconds, tokensPerSecond: tokens / seconds},
    };
  }

  return {
    settings,
    parameterCount: trainer.parameterCount,
    memory,
    get stepsDone() {
      return stepsDone;
    },
    get isFinished() {
      return isFinished();
    },
    get diverged() {
      return diverged;
    },
    get seconds() {
      return seconds;
    },
    trainingLoss,
    heldOutLoss,
    probes,
    gradientToNoise,
    step,
    evaluate: (batches = evaluationBatches) => trainer.evaluate(batches),
    probe: () => observe(trainer.probe).probes,
    save,
    record,
    close: () => kernels.release(start),
  };
}

/** What a run needs of the kernels' memory. Nothing of that size is allocated, and no text of the corpus is read. */
export const planMemory = (settings: RunSettings, kernels: Kernels, corpus: Corpus): MemoryPlan =>
  countAllocations(kernels, (counting) => layOut(settings, counting, corpus)).memory;

function layOut(settings: RunSettings, kernels: Kernels, corpus: Corpus) {
  const isProbed = settings.probe || settings.probeEvery > 0;
  const trainer = createTrainer(settings, kernels, corpus, {isProbed});
  checkPostTraining(parsePostTraining(settings.postTraining), trainer);
  const mark = kernels.mark();
  const prober = isProbed ? createProber(kernels, trainer, settings.masterWeights) : undefined;
  const probes = trainer.memory.probes + kernels.mark() - mark;
  return {trainer, prober, memory: {...trainer.memory, probes}};
}

const noiseRatio = ({probes: [first], gradientToNoise}: Observation): GradientToNoise[] =>
  gradientToNoise === null ? [] : [{step: first.step, ratio: gradientToNoise}];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
