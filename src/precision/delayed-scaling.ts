import {usageError} from "../errors.js";
import {powerOfTwo} from "../formats/power-of-two.js";
import type {Remembered} from "./remembered.js";

/** How the scale of a tensor follows from the magnitudes that it had before: delayed scaling of TransformerEngine. */
export interface DelayedScaling {
  /** Largest value of the format. */
  readonly largest: number;
  /** Steps that count. */
  readonly historyLength: number;
  /** The largest magnitude of the history, or its most recent one. */
  readonly algorithm: "max" | "most-recent";
  /** Binary digits left free above the largest magnitude. */
  readonly margin: number;
}

/** The scale of one tensor from step to step. */
export interface DelayedScale extends Remembered {
  /** The encode multiplier of the coming step; values are cast(x · scale) / scale. 1 before the first step. */
  readonly scale: number;
  /**
   * After a step that was cast with the present scale: records the largest magnitude it found, and finds the next
   * scale, (largest / amax) / 2^margin in float32. An amax of 0, infinity or NaN keeps the scale, and a scale beyond
   * float32 becomes its largest value. NaN in the history does not count.
   */
  record(amax: number): void;
}

const largestFloat32 = (2 - powerOfTwo(-23)) * powerOfTwo(127);

/** @throws a usage error for a history without steps, or a margin that is no whole number from -126 to 126 */
export function delayedScaling(
  largest: number,
  {historyLength = 1024, algorithm = "max", margin = 0}: Partial<Omit<DelayedScaling, "largest">> = {},
): DelayedScaling {
  if (!Number.isInteger(historyLength) || historyLength < 1) {
    throw usageError(`an amax history has at least one step, not ${historyLength}`);
  }
  if (!Number.isInteger(margin) || Math.abs(margin) > 126) {
    throw usageError(`a margin is a whole number from -126 to 126, not ${margin}`);
  }
  return {largest, historyLength, algorithm, margin};
}

export function createDelayedScale(scaling: DelayedScaling): DelayedScale {
  const {historyLength, algorithm} = scaling;
  // A ring: TransformerEngine rolls its history and writes to slot 0, which has the same amaxes in it.
  const amaxes = new Float32Array(historyLength);
  let steps = 0;
  let scale = 1;

  return {
    get scale() {
      return scale;
    },
    record(amax) {
      amaxes[steps % historyLength] = amax;
      steps += 1;
      const chosen = algorithm === "max" ? largestKnown(amaxes) : Math.fround(amax);
      if (chosen > 0 && chosen < Number.POSITIVE_INFINITY) scale = scaleFor(scaling, chosen);
    },
    save: () => [steps, scale, ...amaxes],
    restore([savedSteps, savedScale, ...savedAmaxes]) {
      steps = savedSteps;
      scale = savedScale;
      amaxes.set(savedAmaxes);
    },
  };
}

function largestKnown(amaxes: Float32Array): number {
  let largest = 0;
  for (const amax of amaxes) if (amax > largest) largest = amax;
  return largest;
}

function scaleFor({largest, margin}: DelayedScaling, amax: number): number {
  const scale = Math.fround(Math.fround(largest / amax) / powerOfTwo(margin));
  return Math.min(scale, largestFloat32);
}
