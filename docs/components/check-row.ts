/** Recordings of one GPU, unit and output that the model was compared with: an entry of `loaders/tensor-core-checks.json`. */
export interface CheckRow {
  /** "recorded" for this project, or "published" by another. */
  readonly source: string;
  readonly gpu: string;
  readonly unit: string;
  readonly instruction: string;
  readonly output: string;
  /** Formats of both factors, with a space between. */
  readonly operands: readonly string[];
  /** Arrays of results. */
  readonly recordings: number;
  readonly values: number;
  /** Values that differ from the model in any bit. */
  readonly mismatches: number;
}
