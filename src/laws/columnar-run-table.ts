import {type RunTableOptions, type RunTableReading, runTableBuilder} from "./run-table-builder.js";

/** A table with its values in columns, such as an Arrow table, or one batch of its rows. */
export interface ColumnarTable {
  readonly names: readonly string[];
  readonly rows: number;
  /** A text, a number, a bigint or null. */
  readonly valueAt: (column: number, row: number) => unknown;
}

/**
 * A table of runs from a table that has been decoded; `names` are those of the first batch.
 * @throws as `runTableReader` does
 */
export function readColumnarRunTable(batch: ColumnarTable, options: RunTableOptions = {}): RunTableReading {
  const reader = columnarRunTableReader(batch.names, options);
  reader.push(batch);
  return reader.end();
}

/** The same for a table that comes in batches of rows, which are not kept. */
export function columnarRunTableReader(names: readonly string[], options: RunTableOptions = {}) {
  const builder = runTableBuilder(names, {positionNoun: "row"}, options);
  let rowsBefore = 0;
  return {
    push({rows, valueAt}: Pick<ColumnarTable, "rows" | "valueAt">): void {
      for (let row = 0; row < rows; row++) {
        builder.add(rowsBefore + row + 1, (column) => valueAt(column, row));
      }
      rowsBefore += rows;
    },
    end: (): RunTableReading => builder.finish(),
  };
}
