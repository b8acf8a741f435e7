import type {Column} from "./column.js";
import type {DriftRow} from "./drift-row.js";
import {percentage} from "./percentage.js";

/** The columns of the table of spreads while training. */
export const driftColumns: readonly Column<DriftRow>[] = [
  {name: "scheme", value: ({scheme}) => scheme},
  {name: "step", value: ({step}) => step},
  {name: "layer", value: ({layer}) => layer},
  {name: "tensor", value: ({tensor}) => tensor},
  {name: "spread", value: ({spread}) => spread, format: (spread) => spread.toPrecision(3)},
  {name: "lost in E4M3", value: ({underflow_e4m3fn}) => underflow_e4m3fn, format: percentage},
  {name: "lost in E5M2", value: ({underflow_e5m2}) => underflow_e5m2, format: percentage},
  {name: "lost in FP16", value: ({underflow_fp16}) => underflow_fp16, format: percentage},
];
