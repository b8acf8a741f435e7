import type {Column} from "./column.js";
import {type ResidualRow, residualTitle} from "./residual-row.js";

const digits = (value: number): string => value.toPrecision(3);

/** The columns of the table of residual rules. */
export const residualColumns: readonly Column<ResidualRow>[] = [
  {name: "rule", value: residualTitle},
  {name: "branches before", value: ({branch}) => branch},
  {name: "spread of the stream", value: ({spread}) => spread, format: digits},
  {name: "in theory", value: ({spread_theory}) => spread_theory, format: digits},
  {name: "share of the end", value: ({share}) => share, format: digits},
  {name: "share in theory", value: ({share_theory}) => share_theory, format: digits},
];
