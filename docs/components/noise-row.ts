/** One row of loaders/signal-to-noise.arrow. */
export interface NoiseRow {
  readonly format: string;
  readonly rounding: string;
  /** Power of two of the spread (standard deviation) of the normal numbers that were cast. */
  readonly log2_spread: number;
  /** mean(x²) / mean((cast(x) − x)²). */
  readonly ratio: number;
}

export const decibels = ({ratio}: Pick<NoiseRow, "ratio">): number => 10 * Math.log10(ratio);
