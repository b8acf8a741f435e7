/** What a cast made of some values. */
export interface Losses {
  readonly elements: number;
  /** Values that were not zero and now are. */
  readonly flushed: number;
  /** Values beyond the largest that their scale leaves room for. */
  readonly saturated: number;
  /** Signal-to-noise ratio in decibels; infinity where nothing changed, NaN where a value is not finite. */
  readonly ratio: number;
}

/** A cast as the pictures and the statistics need it. */
export interface CastPair {
  readonly before: ArrayLike<number>;
  readonly after: ArrayLike<number>;
  /** Magnitude of the largest element value times the scale, where the value is clipped. */
  readonly limitOf: (index: number) => number;
}

/** Losses among the elements with the given indices. */
export function lossesOf({before, after, limitOf}: CastPair, indices: Iterable<number>): Losses {
  let [elements, flushed, saturated, signal, noise] = [0, 0, 0, 0, 0];
  for (const i of indices) {
    const [x, y] = [before[i], after[i]];
    elements++;
    if (x !== 0 && y === 0) flushed++;
    if (Math.abs(x) > limitOf(i)) saturated++;
    signal += x * x;
    noise += (x - y) * (x - y);
  }
  return {elements, flushed, saturated, ratio: decibels(signal, noise)};
}

/** 10·log₁₀(signal / noise). */
export function decibels(signal: number, noise: number): number {
  if (noise === 0) return Number.POSITIVE_INFINITY;
  return 10 * Math.log10(signal / noise);
}

/** "21.3 dB", and words where there is no number. */
export function decibelText(ratio: number): string {
  if (Number.isNaN(ratio)) return "no number";
  if (ratio === Number.POSITIVE_INFINITY) return "exact";
  return `${ratio.toFixed(1).replace("-", "−")} dB`;
}
