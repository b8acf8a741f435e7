import type {Kernels} from "../../kernels/kernels.js";
import type {Parameter} from "../../nn/tensor.js";
import type {RunSettings} from "../run-settings.js";
import {optimizers} from "./index.js";
import type {OptimizerSettings, ParameterState, StateName, Update} from "./optimizer.js";
import {type StorageFormat, storesAll, store as storeValues} from "./storage.js";

/** The formats of what lives from step to step; float32 where none is given. */
export type StorageFormats = Readonly<Partial<Record<"masterWeights" | StateName, StorageFormat>>>;

/**
 * An optimizer at work. A step is `update` and then `store`: between the two, the weights are the exact results in
 * float32, so that a probe can tell which of the updates the format of the master weights loses.
 */
export interface OptimizerInUse {
  /** Writes new weights and state, all in float32, from the gradients. */
  readonly update: Update;
  /** Rounds weights and state to their formats, once. Stochastic rounding has new random bits at each step. */
  store(): void;
}

/** Random streams of stochastic rounding start here, one for each parameter. */
const storageStreams = {
  masterWeights: 0x20000,
  firstMoment: 0x30000,
  secondMoment: 0x40000,
  momentumState: 0x50000,
} as const;

/** Allocates the state, zeros, and rounds the initial weights to the format in which they are stored. */
export function createOptimizer(
  kernels: Kernels,
  parameters: readonly Parameter[],
  settings: Pick<RunSettings, "optimizer" | "seed"> & OptimizerSettings,
  formats: StorageFormats = {},
): OptimizerInUse {
  const {state, prepare} = optimizers[settings.optimizer];
  const states = parameters.map((parameter) => allocateState(kernels, parameter, state.length));
  const update = prepare(kernels, states, settings);
  let step = 0;

  const places = (name: "masterWeights" | StateName, {parameter, vectors}: ParameterState) =>
    name === "masterWeights" ? parameter.data : vectors[state.indexOf(name)];
  const storeAll = (name: "masterWeights" | StateName) => {
    const format = formats[name];
    if (!format || storesAll(format)) return;
    for (const [i, ofParameter] of states.entries()) {
      const random = {seed: settings.seed, stream: storageStreams[name] + i, step};
      const values = {address: places(name, ofParameter), shape: ofParameter.parameter.shape};
      storeValues(kernels, format, values, random);
    }
  };

  storeAll("masterWeights");
  return {
    update,
    store() {
      step += 1;
      storeAll("masterWeights");
      for (const name of state) storeAll(name);
    },
  };
}

function allocateState(kernels: Kernels, parameter: Parameter, count: number): ParameterState {
  const start = kernels.allocate(count * parameter.size * 4);
  kernels.fill(start, 0, count * parameter.size);
  return {parameter, vectors: Array.from({length: count}, (_, i) => start + i * parameter.size * 4)};
}
