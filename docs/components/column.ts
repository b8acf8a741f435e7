/** One column of a table behind a chart. */
export interface Column<Row> {
  /** Stands over the column, in the table and in the CSV file. */
  readonly name: string;
  readonly value: (row: Row) => string | number | null;
  /** How the table shows a value; the CSV file has it in full. */
  readonly format?: (value: number) => string;
}
