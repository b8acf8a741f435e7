import {decayOf, type Optimizer} from "./optimizer.js";

/** Stochastic gradient descent with heavy-ball momentum; weight decay is a part of the gradient, as in PyTorch. */
export const sgd: Optimizer = {
  state: ["momentumState"],
  prepare: (kernels, states, {momentum, weightDecay}) => {
    return (learningRate) => {
      for (const {parameter, vectors} of states) {
        const {data, gradient, size} = parameter;
        const rate = learningRate * parameter.learningRate;
        kernels.momentumStep(
          ...([data, gradient, vectors[0], size] as const),
          ...([rate, momentum, decayOf(parameter, weightDecay)] as const),
        );
      }
    };
  },
};
