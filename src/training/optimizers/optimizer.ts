import type {Kernels} from "../../kernels/kernels.js";
import type {Parameter} from "../../nn/tensor.js";

export interface OptimizerSettings {
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Updates all parameters from their gradients. It must be called once for each step in order. */
export type Update = (learningRate: number) => void;

/** Allocates its state, zeros, and returns the update. */
export type Optimizer = (
  kernels: Kernels,
  parameters: readonly Parameter[],
  settings: OptimizerSettings,
) => Update;

/** A parameter with `count` vectors of its size for the optimizer, all zeros. */
export interface ParameterState {
  readonly parameter: Parameter;
  readonly vectors: readonly number[];
}

export function allocateState(
  kernels: Kernels,
  parameters: readonly Parameter[],
  count: number,
): ParameterState[] {
  return parameters.map((parameter) => {
    const start = kernels.allocate(count * parameter.size * 4);
    kernels.fill(start, 0, count * parameter.size);
    return {parameter, vectors: Array.from({length: count}, (_, i) => start + i * parameter.size * 4)};
  });
}

/** Weight decay acts on matrices only, as in nanoGPT. */
export const decayOf = ({shape}: Parameter, weightDecay: number): number =>
  shape.length > 1 ? weightDecay : 0;

/** 1 − βᵗ for t = 1, 2, … at each call, by repeated multiplication: the same bits everywhere. */
export function biasCorrection(beta: number): () => number {
  let power = 1;
  return () => {
    power *= beta;
    return 1 - power;
  };
}
