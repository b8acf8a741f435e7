import {float32, list} from "@uwdata/flechette";
import type {ColumnTable} from "arquero";

/** Writes a table to standard output as an Arrow file: what a loader named `*.arrow.ts` does. */
export function writeArrow(table: ColumnTable): void {
  process.stdout.write(arrowFile(table));
}

/** A table as an Arrow file. Columns of Float32Arrays become lists of float32, which would else take twice the bytes. */
export function arrowFile(table: ColumnTable): Uint8Array {
  const lists = table.columnNames().filter((name) => table.get(name, 0) instanceof Float32Array);
  const types = Object.fromEntries(lists.map((name) => [name, list(float32())]));
  return table.toArrowIPC({format: "file", types}) as Uint8Array;
}

/** Writes a value to standard output: what a loader named `*.json.ts` does. */
export function writeJson(value: object): void {
  process.stdout.write(JSON.stringify(value));
}
