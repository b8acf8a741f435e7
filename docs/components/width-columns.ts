import type {Column} from "./column.js";
import {errorText} from "./error-text.js";
import type {WidthRow} from "./width-row.js";

/** The columns of the table behind the widths. */
export const widthColumns: readonly Column<WidthRow>[] = [
  {name: "bits kept below the largest exponent", value: (row) => row.fraction_bits},
  {
    name: "products until promotion",
    value: (row) => row.promotion,
    format: (promotion) => promotion.toLocaleString("en"),
  },
  {name: "mean error", value: (row) => row.bias, format: errorText},
  {name: "root mean square error", value: (row) => row.rms, format: errorText},
];
