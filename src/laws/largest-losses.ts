import {usageError} from "../errors.js";
import type {RunTable} from "./run-table.js";
import type {RunTableReading} from "./run-table-builder.js";

/** Rows of the `count` largest losses, the largest first. */
export const largestLosses = ({columns: {loss}}: RunTable, count: number): number[] =>
  Array.from(loss.keys())
    .sort((a, b) => loss[b] - loss[a])
    .slice(0, count);

/**
 * The table without the `count` runs of the largest losses, such as those that were hardly trained.
 * @throws a usage error where nothing would be left
 */
export function withoutLargestLosses(reading: RunTableReading, count: number): RunTableReading {
  if (count === 0) return reading;
  const {table, positions} = reading;
  if (count >= table.rows)
    throw usageError(`of ${table.rows} runs the ${count} largest losses cannot be left out`);
  const left = new Set(largestLosses(table, count));
  const kept = Array.from({length: table.rows}, (_, row) => row).filter((row) => !left.has(row));
  const columns = Object.entries(table.columns).map(([name, values]) => [
    name,
    Float64Array.from(kept, (row) => values[row]),
  ]);
  return {
    ...reading,
    table: {rows: kept.length, columns: Object.fromEntries(columns)},
    positions: Uint32Array.from(kept, (row) => positions[row]),
    largestLossesLeftOut: count,
  };
}
