import type {Kernels} from "../kernels/kernels.js";

/** What is looked at after a step. */
export interface StepOutcome {
  /** Training loss of the step in nats per token. */
  readonly loss: number;
  /** Held-out loss after the step, where it was measured. */
  readonly heldOutLoss: number | null;
  /** Whether all weights after the step are finite; undefined where nobody looked. */
  readonly weightsAreFinite?: boolean;
}

/** A loss has exploded when it was so many times that of guessing at random, so many steps on end. */
export const explosion = {factor: 4, steps: 50} as const;

/** Weights are looked at every so many steps, and after the last one: a saturating cast can hide an infinite weight. */
export const weightCheckInterval = 100;

/**
 * Tells after each step why the run has diverged, or null while it has not. It has, when the training loss, the held-out
 * loss or a weight is not a finite number, or when each of the last `explosion.steps` training losses is above
 * `explosion.factor` times ln(vocabulary), the loss of a model that knows nothing. A loss that high can still be finite
 * for ever, under a recipe whose casts saturate; a spike of fewer steps from which a run recovers ends nothing.
 */
export function divergenceWatch(
  vocabularySize: number,
  {log}: Pick<Kernels, "log">,
): (outcome: StepOutcome) => string | null {
  const limit = explosion.factor * log(vocabularySize);
  let stepsAbove = 0;
  return ({loss, heldOutLoss, weightsAreFinite = true}) => {
    if (!Number.isFinite(loss)) return "the training loss is not a finite number";
    if (heldOutLoss !== null && !Number.isFinite(heldOutLoss)) {
      return "the held-out loss is not a finite number";
    }
    if (!weightsAreFinite) return "a weight is not a finite number";
    stepsAbove = loss > limit ? stepsAbove + 1 : 0;
    if (stepsAbove < explosion.steps) return null;
    return `the training loss was above ${limit.toFixed(1)} nats, ${explosion.factor} times that of guessing, for ${explosion.steps} steps`;
  };
}
