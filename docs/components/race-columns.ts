import type {Column} from "./column.js";
import {errorText} from "./error-text.js";
import type {RaceRow} from "./race-row.js";
import {racerTitle} from "./racer-styles.js";

/** The columns of the table behind the race. */
export const raceColumns: readonly Column<RaceRow>[] = [
  {name: "accumulator", value: (row) => racerTitle(row.racer)},
  {name: "K", value: (row) => row.k, format: (k) => k.toLocaleString("en")},
  {name: "mean error", value: (row) => row.bias, format: errorText},
  {name: "root mean square error", value: (row) => row.rms, format: errorText},
  {name: "dot products", value: (row) => row.count, format: (count) => count.toLocaleString("en")},
];
