import type {Address, Kernels} from "../kernels/kernels.js";
import {languageModel} from "../nn/language-model.js";
import {countParameters, type ModelShape} from "../nn/model-shape.js";
import {createProgramBuilder, execute, firstPass, type ProbePoint, type Program} from "../nn/program.js";
import type {Parameter} from "../nn/tensor.js";
import {fp32} from "../recipes/fp32.js";
import {recipeOf} from "../recipes/index.js";
import {checkLayers} from "../recipes/layer-recipes.js";
import {roundsNothing} from "../recipes/rounds-nothing.js";
import {schemeOf} from "../schemes/index.js";
import {clipGradients} from "./clip-gradients.js";
import {batchTokens, type Corpus} from "./corpora/corpus.js";
import {lossScaler} from "./loss-scaler.js";
import type {MemoryPlan} from "./memory-plan.js";
import {createOptimizer} from "./optimizers/create-optimizer.js";
import type {LossScaling} from "./run-record.js";
import type {RunSettings} from "./run-settings.js";
import {runShape} from "./run-shape.js";
import {learningRates} from "./schedule.js";

/** A model in training: everything is allocated when it is made, and each call only runs kernels. */
export interface Trainer {
  readonly shape: ModelShape;
  readonly parameterCount: number;
  readonly parameters: readonly Parameter[];
  readonly memory: MemoryPlan;
  /** All that probes see, in order. */
  readonly probePoints: readonly ProbePoint[];
  /** Where a watched pass puts the gradients in float32 throughout; undefined where nothing is rounded anyway. */
  readonly exactGradients: Address | undefined;
  /** What multiplies the gradient of the loss in the next step, and how many steps were left out because of it. */
  lossScaling(): LossScaling;
  /**
   * One optimizer step on the next batch.
   * @returns the mean loss of the batch in nats per token, before the update
   */
  step(observer?: StepObserver): number;
  /** Mean loss in nats per token over the first `batches` held-out batches. */
  evaluate(batches: number): number;
  /** The passes of the next step without its update. */
  probe(observer: StepObserver): void;
  /**
   * A forward pass over the training batch of a step to come, `ahead` of the next one, until `onProbe` says that it has
   * seen enough.
   */
  watchForward(ahead: number, onProbe: (point: ProbePoint) => boolean): void;
  /** A forward and a backward pass over the given tokens; the gradients stay in the parameters. @returns the mean loss */
  gradients(tokens: Int32Array, targets: Int32Array): number;
  weightsAreFinite(): boolean;
  /** All weights in the order of `parameters`; a view that is valid until the next allocation. */
  weights(): Float32Array;
  /** A copy of all that the coming steps depend on. */
  save(): TrainerState;
  /** @param state of a trainer with the same settings, which this one then is as far as */
  restore(state: TrainerState): void;
}

/** What a trainer carries from one step to the next. */
export interface TrainerState {
  readonly stepsDone: number;
  /** All weights, then each of the optimizer's vectors. */
  readonly values: readonly Float32Array[];
  /** Of the loss scale, of the optimizer, and of each cast that follows earlier steps. */
  readonly remembered: readonly (readonly number[])[];
}

/** Looks on while a step is made. */
export interface StepObserver {
  /** At each probe point, when its values are in place. */
  onProbe(point: ProbePoint): void;
  /** When all gradients are there, with the loss scale still in them. */
  onGradients(): void;
  /** When the weights are updated but not yet rounded to the format in which they are stored. */
  onUpdate(): void;
}

/** Random streams of the initial weights start here, one for each parameter; the corpora use lower ones. */
const initialWeightStream = 0x10000;

/**
 * @param isProbed whether steps will be watched, which needs gradients in float32 beside those of the recipe
 * @throws a BitscapeError when the model does not fit into the 4 GiB of a WASM memory
 */
export function createTrainer(
  settings: RunSettings,
  kernels: Kernels,
  corpus: Corpus,
  {isProbed = false}: {isProbed?: boolean} = {},
): Trainer {
  const {batch, context, seed} = settings;
  const scheme = schemeOf(settings);
  const shape = runShape(settings, corpus.vocabularySize, scheme);
  const parameterCount = countParameters(shape);
  const tokenCount = batch * context;
  const start = kernels.mark();
  const tokens = kernels.allocate(tokenCount * 4);
  const targets = kernels.allocate(tokenCount * 4);
  let loss = Number.NaN;
  let observe: (point: ProbePoint) => void = () => {};

  const pass = {...firstPass(), seed, isTraining: false};
  const builder = createProgramBuilder(kernels, parameterCount, (point) => observe(point), pass);
  const recipe = recipeOf(settings);
  const onLoss = (value: number) => {
    loss = value;
  };
  languageModel(builder, shape, {scheme, recipe}, {tokens, targets, onLoss});
  const program = builder.finish();
  const {parameters} = program;
  checkLayers(recipe, linearLayers(program), shape.layers);
  const scaler = lossScaler(kernels, recipe.lossScale);
  const weightBytes = parameterCount * 4;
  const activationBytes = kernels.mark() - start - 2 * weightBytes;
  initialize(kernels, parameters, seed);
  const weightDecay = decayPerRate(settings);
  const optimizer = createOptimizer(kernels, parameters, {...settings, weightDecay});
  const optimizerBytes = kernels.mark() - start - 2 * weightBytes - activationBytes;
  const probeStart = kernels.mark();
  const exact = isProbed && !roundsNothing(recipe) ? exactProgram() : undefined;
  const probeBytes = kernels.mark() - probeStart;
  const rates = learningRates(settings, kernels);
  const remembering = [scaler, optimizer, ...program.remembered];
  let stepsDone = 0;

  /** What lives in the kernels' memory from step to step. */
  const lasting = (): Float32Array[] => [
    kernels.float32(parameters[0].data, parameterCount),
    ...Object.values(optimizer.vectors).flatMap((addresses) =>
      addresses.map((address, i) => kernels.float32(address, parameters[i].size)),
    ),
  ];

  /** The same model in float32, on the same weights. */
  function exactProgram(): Program {
    const place = parameters[0].data;
    const builder = createProgramBuilder(kernels, parameterCount, () => {}, pass, place);
    languageModel(builder, shape, {scheme, recipe: fp32}, {tokens, targets, onLoss: () => {}});
    return builder.finish();
  }

  /** Passes between steps use the random bits of the last step, whatever was probed since. */
  const afterLastStep = () => {
    pass.step = Math.max(stepsDone - 1, 0);
  };

  const loadBatch = (split: "training" | "held-out", step: number) =>
    batchTokens(
      corpus,
      {split, seed, step, batch, context},
      kernels.int32(tokens, tokenCount),
      kernels.int32(targets, tokenCount),
    );

  const passes = (observer?: StepObserver) => {
    loadBatch("training", stepsDone);
    pass.step = stepsDone;
    pass.lossScale = scaler.scale;
    if (!observer) {
      execute(program.forward);
      execute(program.backward);
      return;
    }
    if (exact) {
      execute(exact.forward);
      execute(exact.backward);
    }
    observe = observer.onProbe;
    execute(program.probedForward);
    execute(program.probedBackward);
    observer.onGradients();
  };

  return {
    shape,
    parameterCount,
    parameters,
    memory: {
      weights: weightBytes,
      gradients: weightBytes,
      optimizer: optimizerBytes,
      activations: activationBytes,
      probes: probeBytes,
    },
    probePoints: program.probePoints,
    exactGradients: exact?.parameters[0].gradient,
    lossScaling: () => ({scale: scaler.scale, skippedSteps: scaler.skippedSteps}),
    step(observer) {
      pass.isTraining = true;
      passes(observer);
      pass.isTraining = false;
      if (scaler.finishStep(parameters[0].gradient, parameterCount)) {
        if (settings.clipNorm > 0) clipGradients(kernels, parameters, settings.clipNorm);
        optimizer.update(rates[stepsDone]);
        observer?.onUpdate();
        optimizer.store();
      }
      stepsDone += 1;
      return loss;
    },
    evaluate(batches) {
      afterLastStep();
      let sum = 0;
      for (let i = 0; i < batches; i++) {
        loadBatch("held-out", i);
        execute(program.forward);
        sum += loss;
      }
      return sum / batches;
    },
    probe: passes,
    watchForward(ahead, onProbe) {
      afterLastStep();
      loadBatch("training", stepsDone + ahead);
      let goesOn = true;
      observe = (point) => {
        goesOn = onProbe(point);
      };
      for (let i = 0; goesOn && i < program.probedForward.length; i++) program.probedForward[i]();
    },
    gradients(inputs, outputs) {
      kernels.int32(tokens, tokenCount).set(inputs);
      kernels.int32(targets, tokenCount).set(outputs);
      pass.lossScale = 1;
      execute(program.forward);
      execute(program.backward);
      return loss;
    },
    weightsAreFinite: () => Number.isFinite(kernels.sumOfSquares(parameters[0].data, parameterCount)),
    weights: () => kernels.float32(parameters[0].data, parameterCount),
    save: () => ({
      stepsDone,
      values: lasting().map((values) => values.slice()),
      remembered: remembering.map((part) => part.save()),
    }),
    restore({values, remembered, ...state}) {
      stepsDone = state.stepsDone;
      for (const [i, place] of lasting().entries()) place.set(values[i]);
      for (const [i, part] of remembering.entries()) part.restore(remembered[i]);
    },
  };
}

/** Names of the layers that multiply by a weight. */
const linearLayers = ({probePoints}: Program): string[] =>
  probePoints
    .filter(({tensor, layer}) => tensor === "weight gradient" && layer !== "embedding")
    .map(({layer}) => layer);

/** Weight decay for the optimizers, which multiply it by the learning rate; only its share of the peak is to count if `independent`. */
const decayPerRate = ({weightDecay, weightDecayRule, learningRate}: RunSettings): number =>
  weightDecayRule === "independent" ? weightDecay / learningRate : weightDecay;

function initialize(kernels: Kernels, parameters: readonly Parameter[], seed: number): void {
  parameters.forEach(({data, size, initial: {mean, spread}}, index) => {
    if (spread === 0) kernels.fill(data, mean, size);
    else kernels.randomNormal(data, size, mean, spread, seed, initialWeightStream + index, 0);
  });
}
