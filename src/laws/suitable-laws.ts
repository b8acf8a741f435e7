import type {Law} from "./law.js";
import type {RunTable} from "./run-table.js";
import {variables} from "./variables.js";

/**
 * Whether a table has something to say on every variable of a law: a column with a value that does not stand for "not
 * rounded". The runs need not identify the law's constants: a fit says that.
 */
export function suits(law: Law, {rows, columns}: RunTable): boolean {
  if (!columns.loss) return false;
  return law.variables.every((name) => {
    const column = columns[name];
    if (!column) return false;
    const {without} = variables[name];
    for (let row = 0; row < rows; row++) {
      if (!Number.isNaN(column[row]) && column[row] !== without) return true;
    }
    return false;
  });
}

/** Those of `laws` that suit a table, in their order. */
export const suitableLaws = (laws: readonly Law[], table: RunTable): Law[] =>
  laws.filter((law) => suits(law, table));
