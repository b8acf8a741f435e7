import {biasCorrection, decayOf, type Optimizer} from "./optimizer.js";

/**
 * LAMB (You and others 2020, arXiv 1904.00962, algorithm 2): Adam's direction, scaled for each tensor by the ratio of
 * the norm of the weights to that of the direction; by 1 where either is zero.
 */
export const lamb: Optimizer = {
  state: ["firstMoment", "secondMoment"],
  prepare: (kernels, states, {beta1, beta2, epsilon, weightDecay}) => {
    const direction = kernels.allocate(Math.max(0, ...states.map(({parameter}) => parameter.size)) * 4);
    const [correct1, correct2] = [biasCorrection(beta1), biasCorrection(beta2)];
    const norm = (x: number, size: number) => Math.sqrt(kernels.sumOfSquares(x, size));
    return (learningRate, step) => {
      const corrections = [correct1(step), correct2(step)] as const;
      for (const {parameter, vectors} of states) {
        const {data, gradient, size} = parameter;
        kernels.lambDirection(
          ...([data, gradient, vectors[0], vectors[1], direction, size] as const),
          ...([beta1, beta2, epsilon, decayOf(parameter, weightDecay), ...corrections] as const),
        );
        const [weightNorm, directionNorm] = [norm(data, size), norm(direction, size)];
        const trust = weightNorm > 0 && directionNorm > 0 ? weightNorm / directionNorm : 1;
        const rate = learningRate * parameter.learningRate * trust;
        kernels.scaledAdd(data, 1, direction, -rate, data, size);
      }
    };
  },
};
