import {failure, usageError} from "../errors.js";
import type {Law} from "./law.js";
import type {RunTable} from "./run-table.js";
import {type VariableName, variables} from "./variables.js";

/** The runs of a table as a law sees them. */
export interface FitData {
  /** Rows that are used, and their places in the table. */
  readonly rows: number;
  readonly places: readonly number[];
  /** The law's variables, row by row. */
  readonly inputs: Float64Array;
  readonly width: number;
  readonly logLosses: Float64Array;
  /** How much each row counts; 1 by default. */
  readonly weights: Float64Array;
  /** Which block of equal values (by default of N and D) each row belongs to, from 0. */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** 6·N·D of each row; NaN where the table does not tell. */
  readonly compute: Float64Array;
  /** Rows that were left out, by their places, with the reason. */
  readonly dropped: readonly {readonly row: number; readonly reason: string}[];
}

export interface DataOptions {
  /** Rows of the table to leave out. */
  readonly droppedRows?: readonly number[];
  /** Leaves out rows with values that cannot be used, instead of refusing the table. */
  readonly dropInvalid?: boolean;
  /** A column of the table that says how much each row counts. */
  readonly weights?: string;
  /** Rows with equal values of these make a group; by default N and D. */
  readonly groupBy?: readonly string[];
}

/**
 * Reads what `law` needs from the table.
 * @throws usage errors for missing columns, values that cannot be used (unless they are to be dropped), no rows at all
 */
export function fitData(law: Law, table: RunTable, options: DataOptions = {}): FitData {
  const columns = law.variables.map((name) => columnOf(law, table, name));
  const losses = table.columns.loss;
  if (!losses) throw missing(law, table, "loss");
  const weights = options.weights === undefined ? undefined : namedColumn(table, options.weights);
  const left = new Set(options.droppedRows);
  for (const row of left)
    if (!Number.isInteger(row) || row < 0 || row >= table.rows)
      throw usageError(`no row ${row} to drop: the table has rows 0 to ${table.rows - 1}`);

  const places: number[] = [];
  const dropped: {row: number; reason: string}[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (left.has(row)) {
      dropped.push({row, reason: "left out"});
      continue;
    }
    const reason = problemOf(law, columns, losses, weights, row);
    if (!reason) places.push(row);
    else if (options.dropInvalid) dropped.push({row, reason});
    else throw failure(`${labelOf(table, row)}: ${reason}`);
  }
  if (!places.length) throw failure(`no runs to fit ${law.name} to`);

  const width = columns.length;
  const inputs = new Float64Array(places.length * width);
  places.forEach((row, i) => {
    for (const [k, column] of columns.entries())
      inputs[i * width + k] = column ? column[row] : variables[law.variables[k]].without!;
  });
  const {groups, groupCount} = groupsOf(table, places, options.groupBy);
  const {parameters, tokens} = table.columns;
  return {
    ...{rows: places.length, places, inputs, width, groups, groupCount, dropped},
    logLosses: Float64Array.from(places, (row) => Math.log(losses[row])),
    weights: Float64Array.from(places, (row) => weights?.[row] ?? 1),
    compute: Float64Array.from(places, (row) =>
      parameters && tokens ? 6 * parameters[row] * tokens[row] : Number.NaN,
    ),
  };
}

/** Undefined for a variable that is missing and stands for "not rounded" then. */
function columnOf(law: Law, table: RunTable, name: VariableName): Float64Array | undefined {
  const column = table.columns[name];
  if (!column && variables[name].without === undefined) throw missing(law, table, name);
  return column;
}

const missing = (law: Law, table: RunTable, name: string) =>
  usageError(
    `${law.name} needs a column ${name}; the table has ${Object.keys(table.columns).join(", ") || "no columns"}`,
  );

function namedColumn(table: RunTable, name: string): Float64Array {
  const column = table.columns[name];
  if (!column)
    throw usageError(`no column ${name} in the table; it has ${Object.keys(table.columns).join(", ")}`);
  return column;
}

const labelOf = (table: RunTable, row: number) => table.labels?.[row] ?? `row ${row + 1}`;

function problemOf(
  law: Law,
  columns: readonly (Float64Array | undefined)[],
  losses: Float64Array,
  weights: Float64Array | undefined,
  row: number,
): string | undefined {
  if (!(losses[row] > 0 && losses[row] < Number.POSITIVE_INFINITY))
    return `loss is ${losses[row]}, and has to be a number above 0`;
  if (weights && !(weights[row] >= 0 && weights[row] < Number.POSITIVE_INFINITY))
    return `the weight is ${weights[row]}, and has to be a number from 0`;
  for (const [k, column] of columns.entries()) {
    if (!column) continue;
    const {name, scale, without} = variables[law.variables[k]];
    const value = column[row];
    if (value === without) continue;
    const isAllowed = Number.isFinite(value) && (scale === "log" ? value > 0 : value >= 0);
    if (!isAllowed)
      return `${name} is ${value}, and has to be a number ${scale === "log" ? "above" : "from"} 0`;
  }
  return undefined;
}

/** Rows with equal values of `names`, numbered as they first occur; every row is its own where no column is there. */
export function groupsOf(
  table: RunTable,
  places: readonly number[],
  names: readonly string[] = ["parameters", "tokens"],
): {groups: Int32Array; groupCount: number} {
  const columns = names.flatMap((name) => (table.columns[name] ? [table.columns[name]] : []));
  const numbers = new Map<string, number>();
  const groups = Int32Array.from(places, (row) => {
    const key = columns.length ? columns.map((column) => column[row]).join() : `${row}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  return {groups, groupCount: numbers.size};
}
