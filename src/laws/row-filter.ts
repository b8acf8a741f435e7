import {usageError} from "../errors.js";
import {printable} from "./printable.js";
import {numberIn} from "./run-cell.js";
import {columnIndex} from "./run-columns.js";

/** Keeps the rows of which a column compares so with a value. */
export interface RowFilter {
  readonly column: string;
  readonly comparison: Comparison;
  readonly value: string;
}

const comparisons = ["<=", ">=", "!=", "=", "<", ">"] as const;
type Comparison = (typeof comparisons)[number];

/**
 * Reads `recipe=fp32`, `loss<3`, `seed!=2`.
 * @throws a usage error
 */
export function parseRowFilter(text: string): RowFilter {
  const [, column = "", comparison, value = ""] = /^(.*?)(<=|>=|!=|=|<|>)(.*)$/s.exec(text) ?? [];
  if (comparison && column.trim() !== "") {
    return {column: column.trim(), comparison: comparison as Comparison, value: value.trim()};
  }
  throw usageError(
    `"${printable(text)}": expected COLUMN=VALUE, or another comparison (${comparisons.join(" ")})`,
  );
}

/** A filter for a table with columns of these names: of the cells of a row, whether to keep it. */
export function rowTest(
  names: readonly string[],
  {column, comparison, value}: RowFilter,
): (cellAt: (column: number) => unknown) => boolean {
  const index = columnIndex(names, column, "");
  const wanted = numberIn(value);
  return (cellAt) => {
    const cell = cellAt(index);
    const number = wanted === undefined ? undefined : numberIn(cell);
    if (number !== undefined) return compare(number, wanted!, comparison);
    return compare(String(cell ?? "").trim(), value, comparison);
  };
}

function compare<T extends string | number>(a: T, b: T, comparison: Comparison): boolean {
  if (comparison === "=") return a === b;
  if (comparison === "!=") return a !== b;
  if (comparison === "<") return a < b;
  if (comparison === ">") return a > b;
  return comparison === "<=" ? a <= b : a >= b;
}
