import type {RunTable} from "./run-table.js";
import type {VariableName} from "./variables.js";

/** As JSON has it, which knows neither: not rounded (infinity) is null, and what no single number says (NaN) is "?". */
export type RecordedValue = number | null | "?";

/** A table of runs for the page on laws. */
export interface LawTableRecord {
  readonly name: string;
  readonly title: string;
  /** What it is and where it comes from, in sentences. */
  readonly about: string;
  readonly rows: number;
  readonly columns: Readonly<Partial<Record<VariableName, readonly RecordedValue[]>>>;
  /** What a row is called besides its values; absent where there is nothing more to say. */
  readonly labels?: readonly string[];
  /** Rows, from 0, that are left out to begin with, and why. */
  readonly dropped: readonly number[];
  readonly whyDropped: string;
  /** The law that it is shown with. */
  readonly law: string;
  /** Name of the published constants that were fitted to these runs. */
  readonly published?: string;
}

/** The table as laws are fitted to it. */
export function runsOf({rows, columns}: Pick<LawTableRecord, "rows" | "columns">): RunTable {
  const measured = (value: RecordedValue) =>
    value === null ? Number.POSITIVE_INFINITY : value === "?" ? Number.NaN : value;
  return {
    rows,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values, measured)]),
    ),
  };
}
