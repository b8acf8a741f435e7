/** Runs as columns, named like the variables; other columns may be there, too. */
export interface RunTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
  /** Where each row came from, for messages. */
  readonly labels?: readonly string[];
}
