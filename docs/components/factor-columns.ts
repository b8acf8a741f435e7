import type {Column} from "./column.js";
import type {OpFactors} from "./scheme-factors.js";

const digits = (value: number): string => value.toPrecision(3);

/** The columns of the table of scale factors. */
export const factorColumns: readonly Column<OpFactors>[] = [
  {name: "op", value: ({op}) => op},
  {name: "output α", value: ({output}) => output, format: digits},
  {name: "input gradient β", value: ({inputGradient}) => inputGradient, format: digits},
  {name: "weight gradient β", value: ({weightGradient}) => weightGradient, format: digits},
];
