import type {Column} from "./column.js";
import {percentage} from "./percentage.js";
import type {VarianceRow} from "./variance-row.js";

const significant = (value: number): string => value.toPrecision(4);

/** The columns of the table behind the variance chart. */
export const varianceColumns: readonly Column<VarianceRow>[] = [
  {name: "scheme", value: (row) => row.scheme},
  {name: "layer", value: (row) => row.layer},
  {name: "tensor", value: (row) => row.tensor},
  {name: "spread", value: (row) => row.spread, format: significant},
  {
    name: "log2 spread",
    value: (row) => (row.spread > 0 ? Math.log2(row.spread) : null),
    format: (value) => value.toFixed(2),
  },
  {name: "largest magnitude", value: (row) => row.largest, format: significant},
  {name: "to zero in E4M3", value: (row) => row.underflow_e4m3fn, format: percentage},
  {name: "to zero in E5M2", value: (row) => row.underflow_e5m2, format: percentage},
  {name: "to zero in FP16", value: (row) => row.underflow_fp16, format: percentage},
];
