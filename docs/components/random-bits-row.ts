/** One row of loaders/random-bits.arrow: where one stochastic sum ended. */
export interface RandomBitsRow {
  readonly form: string;
  readonly bits: number;
  readonly run: number;
  readonly end: number;
  /** The true sum. */
  readonly exact: number;
}
