import type {Kernels} from "../kernels/kernels.js";
import type {Parameter} from "../nn/tensor.js";

export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/**
 * AdamW (Loshchilov & Hutter 2019) over the given parameters; weight decay on matrices only, as in nanoGPT.
 * @returns the update for step t = 1, 2, …, given the learning rate; it must be called once for each step in order
 */
export function adamw(
  kernels: Kernels,
  parameters: readonly Parameter[],
  {beta1, beta2, epsilon, weightDecay}: AdamWSettings,
): (learningRate: number) => void {
  const states = parameters.map((parameter) => {
    const moments = kernels.allocate(2 * parameter.size * 4);
    kernels.fill(moments, 0, 2 * parameter.size);
    return {parameter, moment1: moments, moment2: moments + parameter.size * 4};
  });
  // βᵗ by repeated multiplication: the same bits everywhere.
  let power1 = 1;
  let power2 = 1;
  return (learningRate) => {
    power1 *= beta1;
    power2 *= beta2;
    for (const {parameter, moment1, moment2} of states) {
      const {data, gradient, size, shape} = parameter;
      const rate = learningRate * parameter.learningRate;
      const decay = shape.length > 1 ? weightDecay : 0;
      kernels.adamw(
        ...([data, gradient, moment1, moment2, size] as const),
        ...([rate, beta1, beta2, epsilon, decay, 1 - power1, 1 - power2] as const),
      );
    }
  };
}
