import {usageError} from "../errors.js";
import {powerOfTwo} from "../formats/power-of-two.js";

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

/** Between two steps. Plain data; never changed in place. */
export interface DelayedScale {
  /** The encode multiplier of the next step; values are cast(x · scale) / scale. */
  readonly scale: number;
  /** Largest magnitudes, slot 0 for the coming step and then the oldest first. */
  readonly history: readonly number[];
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

/** Before the first step: the scale is 1. */
export const initialDelayedScale = ({historyLength}: DelayedScaling): DelayedScale => ({
  scale: 1,
  history: new Array(historyLength).fill(0),
});

/**
 * After a step that was cast with the present scale: records the largest magnitude it found, and finds the next scale,
 * (largest / amax) / 2^margin in float32. An amax of 0, infinity or NaN keeps the scale, and a scale beyond float32
 * becomes its largest value. NaN in the history does not count.
 */
export function nextDelayedScale(
  {largest, algorithm, margin}: DelayedScaling,
  {scale, history}: DelayedScale,
  amax: number,
): DelayedScale {
  const [recorded, ...rest] = [Math.fround(amax), ...history.slice(1)];
  const rolled = [...rest, recorded];
  const known = rolled.filter((value) => !Number.isNaN(value));
  const chosen = algorithm === "max" ? known.reduce((a, b) => Math.max(a, b), 0) : recorded;
  return {
    scale: chosen > 0 && chosen < Number.POSITIVE_INFINITY ? scaleFor(largest, chosen, margin) : scale,
    history: [0, ...rolled.slice(1)],
  };
}

function scaleFor(largest: number, amax: number, margin: number): number {
  const scale = Math.fround(Math.fround(largest / amax) / powerOfTwo(margin));
  return Math.min(scale, largestFloat32);
}
