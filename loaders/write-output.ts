import type {ColumnTable} from "arquero";

/** Writes a table to standard output as an Arrow file: what a loader named `*.arrow.ts` does. */
export function writeArrow(table: ColumnTable): void {
  process.stdout.write(table.toArrowIPC({format: "file"}) as Uint8Array);
}

/** Writes a value to standard output: what a loader named `*.json.ts` does. */
export function writeJson(value: object): void {
  process.stdout.write(JSON.stringify(value));
}
