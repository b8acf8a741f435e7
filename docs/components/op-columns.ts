import type {Column} from "./column.js";
import type {OpRow} from "./op-row.js";

const digits = (value: number): string => value.toPrecision(3);

/** The columns of the table of ops. */
export const opColumns: readonly Column<OpRow>[] = [
  {name: "op", value: ({op}) => op},
  {name: "pass", value: ({pass}) => pass},
  {name: "width m", value: ({width}) => width},
  {name: "without constants", value: ({plain}) => plain, format: digits},
  {name: "in theory", value: ({plain_theory}) => plain_theory, format: digits},
  {name: "unit scaling", value: ({scaled}) => scaled, format: digits},
  {name: "unit scaling in theory", value: ({scaled_theory}) => scaled_theory, format: digits},
];
