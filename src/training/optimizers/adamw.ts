import {biasCorrection, decayOf, type Optimizer} from "./optimizer.js";

/** AdamW (Loshchilov & Hutter 2019): weight decay apart from the gradient. */
export const adamw: Optimizer = {
  state: ["firstMoment", "secondMoment"],
  prepare: (kernels, states, {beta1, beta2, epsilon, weightDecay}) => {
    const [correct1, correct2] = [biasCorrection(beta1), biasCorrection(beta2)];
    return (learningRate, step) => {
      const corrections = [correct1(step), correct2(step)] as const;
      for (const {parameter, vectors} of states) {
        const {data, gradient, size} = parameter;
        const rate = learningRate * parameter.learningRate;
        kernels.adamw(
          ...([data, gradient, vectors[0], vectors[1], size] as const),
          ...([rate, beta1, beta2, epsilon, decayOf(parameter, weightDecay), ...corrections] as const),
        );
      }
    };
  },
};
