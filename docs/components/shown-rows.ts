import type {VarianceRow} from "./variance-row.js";

/** Which run, at which time, the rows of a chart are from. */
export interface RunView {
  readonly stage: string;
  readonly recipe: string;
  readonly schemes: readonly string[];
}

export const shownRows = (
  rows: readonly VarianceRow[],
  {stage, recipe, schemes}: RunView,
): readonly VarianceRow[] =>
  rows.filter((row) => row.stage === stage && row.recipe === recipe && schemes.includes(row.scheme));
