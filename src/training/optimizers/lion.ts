import {decayOf, type Optimizer} from "./optimizer.js";

/** Lion (Chen and others 2023, arXiv 2302.06675): every weight moves by the learning rate, against the sign of a mean. */
export const lion: Optimizer = {
  state: ["momentumState"],
  prepare: (kernels, states, {beta1, beta2, weightDecay}) => {
    return (learningRate) => {
      for (const {parameter, vectors} of states) {
        const {data, gradient, size} = parameter;
        const rate = learningRate * parameter.learningRate;
        kernels.lionStep(
          ...([data, gradient, vectors[0], size] as const),
          ...([rate, beta1, beta2, decayOf(parameter, weightDecay)] as const),
        );
      }
    };
  },
};
