import {lostShares, type RecordedFormat} from "./lost-shares.js";
import type {VarianceRow} from "./variance-row.js";

/** Share of a tensor's values that can turn to zero before we speak of a loss. */
export const noticeableShare = 0.1;

/** The tensors of which a cast to `format` turns more than the noticeable share to zero. */
export const underflowingRows = (
  rows: readonly VarianceRow[],
  format: RecordedFormat,
): readonly VarianceRow[] => rows.filter((row) => lostShares(row, format).underflow > noticeableShare);
