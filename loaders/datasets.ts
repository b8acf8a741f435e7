import type {RunRecord} from "../src/training/run-record.js";
import {lossesTable} from "./losses-table.js";
import {varianceTable} from "./variance-table.js";

/** A table of the site, made from the runs of one or more settings files. */
export interface Dataset {
  /** Names of files in data/settings, whose runs the table is made from. */
  readonly presets: readonly string[];
  readonly table: (records: readonly RunRecord[]) => ReturnType<typeof varianceTable>;
}

/** Every dataset, by the file that its loader writes. */
export const datasets: Readonly<Record<string, Dataset>> = {
  "variance.arrow": {presets: ["variance"], table: varianceTable},
  "losses.arrow": {presets: ["variance"], table: lossesTable},
};
