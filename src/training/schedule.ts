import type {Kernels} from "../kernels/kernels.js";
import type {RunSettings} from "./run-settings.js";

type Cosine = Pick<Kernels, "cos">;

/** What of a run decides its learning rates. */
export type ScheduleSettings = Pick<
  RunSettings,
  "schedule" | "learningRate" | "steps" | "warmup" | "decaySteps" | "finalLearningRate"
>;

/** The height above the final learning rate, as a share of the peak's, given the share of the way from warm-up to end. */
const heights: Record<
  RunSettings["schedule"],
  (progress: number, settings: ScheduleSettings, kernels: Cosine) => number
> = {
  constant: () => 1,
  linear: (progress) => 1 - progress,
  // The cosine is the kernel's, so that every machine gets the same bits.
  cosine: (progress, _, {cos}) => (1 + cos(Math.PI * progress)) / 2,
  "warmup-stable-decay": (progress, {steps, warmup, decaySteps}) => {
    const left = (1 - progress) * (steps - 1 - warmup);
    return decaySteps === 0 ? 1 : Math.min(1, left / decaySteps);
  },
};

/**
 * Learning rate of every step: linear warm-up to the peak, then by the schedule towards `finalLearningRate` of it:
 * `constant` stays, `linear` and `cosine` fall from the warm-up to the end, and `warmup-stable-decay` (Hu and others
 * 2024, arXiv 2404.06395) stays until it falls linearly over the last `decaySteps`.
 */
export function learningRates(settings: ScheduleSettings, kernels: Cosine): Float64Array {
  const {schedule, learningRate, steps, warmup, finalLearningRate} = settings;
  return Float64Array.from({length: steps}, (_, step) => {
    if (step < warmup) return (learningRate * (step + 1)) / warmup;
    const progress = (step - warmup) / Math.max(1, steps - 1 - warmup);
    const height = heights[schedule](progress, settings, kernels);
    return learningRate * (finalLearningRate + (1 - finalLearningRate) * height);
  });
}
