import {histogramExponents} from "../src/training/run-record.js";
import type {VarianceRow} from "./variance-row.js";

/** Share of a tensor's elements with magnitude in [2^exponent, 2^(exponent+1)). */
export interface HistogramBin {
  readonly scheme: string;
  readonly tensor: string;
  readonly exponent: number;
  readonly share: number;
}

export const histogramBins = ({scheme, tensor, histogram}: VarianceRow): HistogramBin[] =>
  Array.from(histogram, (share, i) => ({scheme, tensor, exponent: histogramExponents.min + i, share}));
