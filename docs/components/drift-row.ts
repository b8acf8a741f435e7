import type {RecordedFormat} from "./lost-shares.js";

/** One tensor at one step of one run: a row of `loaders/drift.arrow`. */
export interface DriftRow {
  readonly scheme: string;
  readonly recipe: string;
  /** Steps done before. */
  readonly step: number;
  readonly depth: number;
  readonly layer: string;
  readonly tensor: string;
  /** Root mean square. */
  readonly spread: number;
  /** Shares of the elements that a cast turns to zero. */
  readonly underflow_e4m3fn: number;
  readonly underflow_e5m2: number;
  readonly underflow_fp16: number;
}

/** What of a run's tensors is shown at which moment. */
export interface DriftView {
  readonly recipe: string;
  readonly tensor: string;
  readonly step: number;
  readonly format: RecordedFormat;
}
