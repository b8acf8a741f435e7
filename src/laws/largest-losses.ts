import {usageError} from "../errors.js";
import type {RunTableReading} from "./run-table-builder.js";

/**
 * The table without the `count` runs of the largest losses, such as those that were hardly trained.
 * @throws a usage error where nothing would be left
 */
export function withoutLargestLosses(reading: RunTableReading, count: number): RunTableReading {
  if (count === 0) return reading;
  const {table, positions} = reading;
  if (count >= table.rows)
    throw usageError(`of ${table.rows} runs the ${count} largest losses cannot be left out`);
  const {loss} = table.columns;
  const descending = Uint32Array.from(loss.keys()).sort((a, b) => loss[b] - loss[a]);
  const kept = descending.subarray(count).sort();
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
