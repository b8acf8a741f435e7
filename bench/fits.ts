import {readFileSync} from "node:fs";
import {join} from "node:path";
import {fitOnCores} from "../src/cli/fit-pool.js";
import type {FitOptions} from "../src/laws/fit.js";
import type {RunTable} from "../src/laws/run-table.js";
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
  const rows = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number))
    .sort((a, b) => a[2] - b[2])
    .slice(0, -5);
  return {
    rows: rows.length,
    columns: {
      parameters: Float64Array.from(rows, ([size]) => size),
      tokens: Float64Array.from(rows, ([size, compute]) => compute / (6 * size)),
      loss: Float64Array.from(rows, ([, , loss]) => loss),
    },
  };
}
