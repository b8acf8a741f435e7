/** One probed tensor of one run: a row of `loaders/variance.arrow`. Shares are of all elements, from 0 to 1. */
export interface VarianceRow {
  readonly scheme: string;
  readonly recipe: string;
  readonly stage: string;
  /** Steps done before. */
  readonly step: number;
  /** Position along the network, from 0. */
  readonly depth: number;
  readonly layer: string;
  readonly tensor: string;
  readonly elements: number;
  readonly mean: number;
  /** Root mean square. */
  readonly spread: number;
  readonly largest: number;
  readonly zeros: number;
  /** Share of elements per exponent, from `histogramExponents.min`. */
  readonly histogram: ArrayLike<number>;
  readonly underflow_e4m3fn: number;
  readonly overflow_e4m3fn: number;
  readonly underflow_e5m2: number;
  readonly overflow_e5m2: number;
  readonly underflow_fp16: number;
  readonly overflow_fp16: number;
}
