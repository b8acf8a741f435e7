/** Errors of one accumulator at one length: a row of `loaders/accumulator-race.arrow`. */
export interface RaceRow {
  /** What was multiplied: "non-negative", "relu" (times signed numbers) or "signed". */
  readonly data: string;
  /** Format of the numbers: "e4m3", "e5m2" (times e4m3), "fp16" or "bf16". */
  readonly operands: string;
  readonly racer: string;
  /** Products in a dot product. */
  readonly k: number;
  /** Dot products that were measured. */
  readonly count: number;
  /** Mean error, in units of the root mean square of the exact results. */
  readonly bias: number;
  /** Root mean square of the errors, in the same units. */
  readonly rms: number;
}
