import type {VarianceRow} from "./variance-row.js";

/** The formats for which the rows record what a cast loses. */
export const recordedFormats = ["e4m3fn", "e5m2", "fp16"] as const;

export type RecordedFormat = (typeof recordedFormats)[number];

/** Shares of the tensor's non-zero elements that a cast to `format` turns to zero, and that lie beyond its largest value. */
export function lostShares(row: VarianceRow, format: RecordedFormat): {underflow: number; overflow: number} {
  return {underflow: row[`underflow_${format}`], overflow: row[`overflow_${format}`]};
}
