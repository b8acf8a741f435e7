/** Errors of one width and interval: a row of `loaders/accumulator-width.arrow`. */
export interface WidthRow {
  /** What was multiplied, as in the race. */
  readonly data: string;
  /** Bits kept below the largest exponent of a group. */
  readonly fraction_bits: number;
  /** Products after which the sum is promoted to fp32; `k` for never. */
  readonly promotion: number;
  readonly k: number;
  readonly count: number;
  readonly bias: number;
  readonly rms: number;
}
