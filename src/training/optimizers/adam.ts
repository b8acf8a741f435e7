import {biasCorrection, decayOf, type Optimizer} from "./optimizer.js";

/** Adam (Kingma & Ba 2015); weight decay is a part of the gradient, as in PyTorch. */
export const adam: Optimizer = {
  state: ["firstMoment", "secondMoment"],
  prepare: (kernels, states, {beta1, beta2, epsilon, weightDecay}) => {
    const [correct1, correct2] = [biasCorrection(beta1), biasCorrection(beta2)];
    return (learningRate, step) => {
      const corrections = [correct1(step), correct2(step)] as const;
      for (const {parameter, vectors} of states) {
        const {data, gradient, size} = parameter;
        const decay = decayOf(parameter, weightDecay);
        if (decay > 0) kernels.scaledAdd(gradient, 1, data, decay, gradient, size);
        const rate = learningRate * parameter.learningRate;
        kernels.adamw(
          ...([data, gradient, vectors[0], vectors[1], size] as const),
          ...([rate, beta1, beta2, epsilon, 0, ...corrections] as const),
        );
      }
    };
  },
};
