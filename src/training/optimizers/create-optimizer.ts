import type {Address, Kernels} from "../../kernels/kernels.js";
import type {Parameter} from "../../nn/tensor.js";
import type {Remembered} from "../../precision/remembered.js";
import type {RunSettings} from "../run-settings.js";
import {optimizers} from "./index.js";
import type {OptimizerSettings, ParameterState, StateName} from "./optimizer.js";
import {parseStorage, store as storeValues} from "./storage.js";

/** What lives from step to step, by the settings that say in which format. */
type StoredName = "masterWeights" | StateName;

/**
 * An optimizer at work. A step is `update` and then `store`: between the two, the weights are the exact results in
 * float32, so that a probe can tell which of the updates the format of the master weights loses.
 */
export interface OptimizerInUse extends Remembered {
  /** Addresses of the state, one for each parameter. */
  readonly vectors: Readonly<Partial<Record<StateName, readonly Address[]>>>;
  /** Writes new weights and state, all in float32, from the gradients. It must be called once for each step in order. */
  update(learningRate: number): void;
  /** Rounds weights and state to their formats, once. Stochastic rounding has new random bits at each step. */
  store(): void;
}

/** Random streams of stochastic rounding start here, one for each parameter. */
const storageStreams = {
  masterWeights: 0x20000,
  firstMoment: 0x30000,
  secondMoment: 0x40000,
  momentumState: 0x50000,
} as const satisfies Record<StoredName, number>;

/** Allocates the state, zeros, and rounds the initial weights to the format in which they are stored. */
export function createOptimizer(
  kernels: Kernels,
  parameters: readonly Parameter[],
  settings: Pick<RunSettings, "optimizer" | "seed"> &
    OptimizerSettings &
    Readonly<Record<StoredName, string>>,
): OptimizerInUse {
  const {state, prepare} = optimizers[settings.optimizer];
  const states = parameters.map((parameter) => allocateState(kernels, parameter, state.length));
  const write = prepare(kernels, states, settings);
  let step = 0;

  const addressOf = (name: StoredName, {parameter, vectors}: ParameterState) =>
    name === "masterWeights" ? parameter.data : vectors[state.indexOf(name)];
  const storing = (name: StoredName) => {
    const cast = parseStorage(settings[name]);
    if (!cast) return () => {};
    return () => {
      for (const [i, ofParameter] of states.entries()) {
        const random = {seed: settings.seed, stream: storageStreams[name] + i, step};
        const {shape} = ofParameter.parameter;
        storeValues(kernels, cast, {address: addressOf(name, ofParameter), shape}, random);
      }
    };
  };
  const storeWeights = storing("masterWeights");
  const storeState = state.map(storing);

  storeWeights();
  return {
    vectors: Object.fromEntries(state.map((name, i) => [name, states.map(({vectors}) => vectors[i])])),
    update(learningRate) {
      step += 1;
      write(learningRate, step);
    },
    store() {
      storeWeights();
      for (const storeVector of storeState) storeVector();
    },
    save: () => [step],
    restore(numbers) {
      [step] = numbers;
    },
  };
}

function allocateState(kernels: Kernels, parameter: Parameter, count: number): ParameterState {
  const start = kernels.allocate(count * parameter.size * 4);
  kernels.fill(start, 0, count * parameter.size);
  return {parameter, vectors: Array.from({length: count}, (_, i) => start + i * parameter.size * 4)};
}
