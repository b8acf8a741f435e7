import {readFileSync} from "node:fs";
import type {RunTable} from "../../src/laws/run-table.js";

/** The runs that Besiroglu et al. (2024) read off a figure of Hoffmann et al. (2022), with tokens as FLOP / (6·N). */
export function replicationTable(): RunTable {
  const file = new URL("../../data/tables/chinchilla-replication.csv", import.meta.url);
  const [, ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const rows = lines.map((line) => line.split(",").map(Number));
  return {
    rows: rows.length,
    columns: {
      parameters: Float64Array.from(rows, ([size]) => size),
      tokens: Float64Array.from(rows, ([size, compute]) => compute / (6 * size)),
      loss: Float64Array.from(rows, ([, , loss]) => loss),
    },
  };
}
