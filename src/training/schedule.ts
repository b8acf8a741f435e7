import type {Kernels} from "../kernels/kernels.js";
import type {RunSettings} from "./run-settings.js";

/**
 * Learning rate of every step: linear warm-up to the peak, then half a cosine down to `finalLearningRate` of it.
 * The cosine is the kernel's, so that every machine gets the same bits.
 */
export function learningRates(
  {learningRate, steps, warmup, finalLearningRate}: RunSettings,
  {cos}: Pick<Kernels, "cos">,
): Float64Array {
  return Float64Array.from({length: steps}, (_, step) => {
    if (step < warmup) return (learningRate * (step + 1)) / warmup;
    const progress = (step - warmup) / Math.max(1, steps - 1 - warmup);
    return learningRate * (finalLearningRate + ((1 - finalLearningRate) * (1 + cos(Math.PI * progress))) / 2);
  });
}
