import type {Address, Kernels} from "../../kernels/kernels.js";
import type {Parameter} from "../../nn/tensor.js";

export interface OptimizerSettings {
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** What an optimizer keeps for every weight from step to step, by the names of the settings that say in which format. */
export type StateName = "firstMoment" | "secondMoment" | "momentumState";

/** A parameter with the vectors of its size that the optimizer keeps for it, in the order of its `state`. */
export interface ParameterState {
  readonly parameter: Parameter;
  readonly vectors: readonly Address[];
}

/** Writes new weights and state, all in float32, from the gradients, in the given step, from 1. */
export type Update = (learningRate: number, step: number) => void;

export interface Optimizer {
  readonly state: readonly StateName[];
  /** @param states of all parameters; the vectors hold zeros */
  readonly prepare: (
    kernels: Kernels,
    states: readonly ParameterState[],
    settings: OptimizerSettings,
  ) => Update;
}

/**
 * Weight decay acts on matrices only, as in nanoGPT. The optimizers multiply it by the learning rate of the parameter;
 * what a scheme's multiplier adds to that is taken out, so that λ is the same at all widths (µnit scaling, u-µP, and the
 * package of µP agree on that).
 */
export const decayOf = ({shape, learningRate}: Parameter, weightDecay: number): number =>
  shape.length > 1 ? weightDecay / learningRate : 0;

/** 1 − βᵗ for t = 1, 2, …, by repeated multiplication: the same bits everywhere. It is quick for ascending t. */
export function biasCorrection(beta: number): (t: number) => number {
  let [power, reached] = [1, 0];
  return (t) => {
    if (t < reached) [power, reached] = [1, 0];
    for (; reached < t; reached++) power *= beta;
    return 1 - power;
  };
}
