import {failure} from "../errors.js";
import {printable} from "./printable.js";
import {type RowFilter, rowTest} from "./row-filter.js";
import {type CellForm, readCell} from "./run-cell.js";
import {type ColumnMapping, type ColumnMeaning, mapColumns} from "./run-columns.js";
import type {RunTable} from "./run-table.js";
import {type VariableName, variableNames, variables} from "./variables.js";

export interface RunTableOptions {
  /** What the table must have; by default parameters, tokens and loss. */
  readonly needed?: readonly VariableName[];
  /** What is read where the table has it; by default every variable. */
  readonly wanted?: readonly VariableName[];
  /** Columns that are not recognized by their names: `{parameters: "Model Size"}`, or by place, `{loss: "#7"}`. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Rows are kept that all of these keep. */
  readonly filters?: readonly RowFilter[];
  /** Leaves out rows that cannot be used, and counts them, instead of failing. */
  readonly skipBadRows?: boolean;
  /** Bits from which on a number counts as not rounded, such as 16. */
  readonly unrounded?: number;
}

/** A table of runs as it was read. */
export interface RunTableReading {
  readonly table: RunTable;
  /** Where each row of the table stands in its source, counted from 1: its line of a text, else its row. */
  readonly positions: Uint32Array;
  readonly positionNoun: "line" | "row";
  /** From which column each variable was read, in words: `"Model Size"`. */
  readonly columns: Readonly<Partial<Record<VariableName, string>>>;
  /** Rows of the source. */
  readonly rowsRead: number;
  /** Rows that a filter left out. */
  readonly filteredOut: number;
  /** Rows that were left out because they cannot be used, and what is wrong with the first of them. */
  readonly badRows: number;
  readonly firstBadRows: readonly string[];
  /** Runs that were left out for their losses. */
  readonly largestLossesLeftOut?: number;
}

/** Collects the rows of a table, of which only the needed columns are kept. */
export interface RunTableBuilder {
  /** @param cellAt a text, a number, a bigint or null at the place of a column */
  readonly add: (position: number, cellAt: (column: number) => unknown) => void;
  /** A row that is bad as a whole. */
  readonly reject: (position: number, problem: string) => void;
  /** @throws a failure that names the first bad rows, or says that there are no rows */
  readonly finish: () => RunTableReading;
}

/** Bad rows that a message names. */
const namedRows = 3;

/** @throws a usage error where columns are missing or ambiguous */
export function runTableBuilder(
  names: readonly string[],
  {positionNoun, form = {}}: {positionNoun: "line" | "row"; form?: CellForm},
  {
    needed = ["parameters", "tokens", "loss"],
    wanted = variableNames,
    columns = {},
    filters = [],
    skipBadRows = false,
    unrounded = Number.POSITIVE_INFINITY,
  }: RunTableOptions = {},
): RunTableBuilder {
  const mapping = mapColumns(names, {columns, needed, wanted});
  const tests = filters.map((filter) => rowTest(names, filter));
  const kept = variableNames.filter(
    (name) => mapping[name] !== undefined || (name === "tokens" && mapping.compute !== undefined),
  );
  const values = kept.map(() => growingColumn(Float64Array));
  const positions = growingColumn(Uint32Array);
  const counts = {read: 0, filtered: 0, bad: 0};
  const problems: string[] = [];
  const row = new Float64Array(kept.length);

  const reject = (position: number, problem: string) => {
    counts.bad += 1;
    if (problems.length < namedRows) problems.push(`${positionNoun} ${position}: ${problem}`);
  };

  /** Fills `row`. @returns what is wrong with it */
  const readRow = (cellAt: (column: number) => unknown): string | undefined => {
    for (let i = 0; i < kept.length; i++) {
      const name = kept[i];
      const meaning = mapping[name] === undefined ? "compute" : name;
      const value = readCell(meaning, cellAt(mapping[meaning]!.index), form);
      if (typeof value === "string") return value;
      row[i] = isBits(name) && value >= unrounded ? Number.POSITIVE_INFINITY : value;
    }
    const tokens = kept.indexOf("tokens");
    if (tokens >= 0 && mapping.tokens === undefined) row[tokens] /= 6 * row[kept.indexOf("parameters")];
    return undefined;
  };

  return {
    add(position, cellAt) {
      counts.read += 1;
      if (tests.some((keeps) => !keeps(cellAt))) {
        counts.filtered += 1;
        return;
      }
      const problem = readRow(cellAt);
      if (problem !== undefined) return reject(position, problem);
      for (let i = 0; i < kept.length; i++) values[i].push(row[i]);
      positions.push(position);
    },
    reject(position, problem) {
      counts.read += 1;
      reject(position, problem);
    },
    finish() {
      const {read, filtered, bad} = counts;
      if (read === 0) throw failure("the table has no rows");
      if (bad > 0 && !skipBadRows) throw badRows(bad, read, positionNoun, problems);
      const rows = positions.length();
      if (rows === 0) throw failure(noRowsLeft(read, filtered, problems));
      const columns = Object.fromEntries(kept.map((name, i) => [name, values[i].finish() as Float64Array]));
      return {
        table: {rows, columns},
        positions: positions.finish() as Uint32Array,
        positionNoun,
        columns: Object.fromEntries(kept.map((name) => [name, originOf(name, mapping)])),
        rowsRead: read,
        filteredOut: filtered,
        badRows: bad,
        firstBadRows: problems,
      };
    },
  };
}

function badRows(bad: number, read: number, noun: string, problems: readonly string[]) {
  const rest = bad - problems.length;
  return failure(
    `${bad} of ${read} rows cannot be used: ${problems.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}. ` +
      `Correct ${bad === 1 ? `this ${noun}` : "them"}, or leave bad rows out (--skip-bad-rows)`,
  );
}

function noRowsLeft(read: number, filtered: number, problems: readonly string[]): string {
  if (filtered === read) return `none of the ${read} rows is left by the filters`;
  return `none of the ${read} rows can be used: ${problems.join("; ")}`;
}

const originOf = (name: VariableName, mapping: ColumnMapping): string =>
  mapping[name] === undefined
    ? `"${printable(mapping.compute!.name)}" / (6 · parameters)`
    : `"${printable(mapping[name].name)}"`;

const isBits = (name: ColumnMeaning): boolean =>
  name !== "compute" && variables[name].without === Number.POSITIVE_INFINITY;

/** An array of numbers that grows as it is filled, without an object for each. */
function growingColumn(Kind: typeof Float64Array | typeof Uint32Array) {
  let data = new Kind(1024);
  let length = 0;
  return {
    push(value: number) {
      if (length === data.length) {
        const larger = new Kind(2 * length);
        larger.set(data);
        data = larger;
      }
      data[length++] = value;
    },
    length: () => length,
    finish: () => data.slice(0, length),
  };
}
