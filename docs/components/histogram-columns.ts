import type {Column} from "./column.js";
import type {HistogramBin} from "./histogram-bins.js";
import {percentage} from "./percentage.js";

/** The columns of the table behind the exponent histogram. */
export const histogramColumns: readonly Column<HistogramBin>[] = [
  {name: "scheme", value: (bin) => bin.scheme},
  {name: "tensor", value: (bin) => bin.tensor},
  {name: "log2 magnitude from", value: (bin) => bin.exponent},
  {name: "share of elements", value: (bin) => bin.share, format: percentage},
];
