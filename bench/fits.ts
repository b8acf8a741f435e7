import {readFileSync} from "node:fs";
import {join} from "node:path";
import {fitOnCores} from "../src/cli/fit-pool.js";
import type {FitOptions} from "../src/laws/fit.js";
import {withoutLargestLosses} from "../src/laws/largest-losses.js";
import type {RunTable} from "../src/laws/run-table.js";
import {readRunTable} from "../src/laws/run-table-reader.js";
import {packageFolder} from "../src/training/folders.js";

/** Seconds of a fit of Chinchilla's law to the 240 runs of its replication on two cores, starting them included. */
export async function fitSeconds(options: FitOptions): Promise<number> {
  const table = replication();
  const start = performance.now();
  await fitOnCores({law: "chinchilla", table, options}, {workers: 2});
  return (performance.now() - start) / 1000;
}

/** Without the five largest losses, as in Besiroglu et al. (2024). */
function replication(): RunTable {
  const text = readFileSync(join(packageFolder, "data/tables/chinchilla-replication.csv"), "utf8");
  return withoutLargestLosses(readRunTable(text), 5).table;
}
