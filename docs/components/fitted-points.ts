import {type VariableName, variables} from "../src/laws/variables.js";
import {drawnRows, type LawPoint} from "./law-points.js";
import type {LawsDesk, LawTable, ShownFit} from "./laws-desk.js";

/** The points that figures draw of what the desk shows; without a fit there is nothing to compare runs with. */
export function fittedPoints(desk: LawsDesk): LawPoint[] {
  const fit = desk.shown();
  if (!fit) return [];
  const table = desk.table();
  const dropped = desk.dropped();
  const before = desk.before();
  const predict = predictor(fit, table);
  const predictBefore = before && predictor(before, table);
  const {along} = desk.state.get();
  const selected = Number(desk.state.get().point) - 1;
  const always = selected >= 0 && selected < table.runs.rows ? [selected, ...dropped] : dropped;
  return drawnRows(table.runs.rows, always).map((row) => ({
    ...{row, label: table.labelOf(row), measured: table.runs.columns.loss[row]},
    predicted: predict(row),
    ...(predictBefore ? {before: predictBefore(row)} : {}),
    isDropped: dropped.has(row),
    along: valueAlong(table, along, row),
  }));
}

/** What the law with the fitted constants says of the runs of a table. */
function predictor({law, result}: ShownFit, {runs}: LawTable): (row: number) => number {
  const constants = Float64Array.from(result.constants, ({value}) => value);
  const inputs = new Float64Array(law.variables.length);
  const columns = law.variables.map((name) => runs.columns[name] as Float64Array | undefined);
  return (row) => {
    for (const [i, column] of columns.entries())
      inputs[i] = column ? column[row] : variables[law.variables[i]].without!;
    return law.evaluate(constants, inputs);
  };
}

/** Value of a run along an axis of the residuals: a variable, or "compute", 6·N·D. */
export function valueAlong({runs: {columns}}: LawTable, along: string, row: number): number {
  if (along === "compute")
    return 6 * (columns.parameters?.[row] ?? Number.NaN) * (columns.tokens?.[row] ?? Number.NaN);
  return columns[along]?.[row] ?? Number.NaN;
}

/** The axes that residuals of a table can be drawn along: what differs among its runs. */
export function axesOf(table: LawTable): string[] {
  const names = [
    "parameters",
    "tokens",
    "compute",
    ...Object.keys(variables).filter((name) => !["parameters", "tokens"].includes(name)),
  ];
  return names.filter((name) => {
    const first = valueAlong(table, name, 0);
    if (Number.isNaN(first) && name === "compute") return false;
    if (name !== "compute" && !table.runs.columns[name]) return false;
    for (let row = 1; row < table.runs.rows; row++) {
      if (valueAlong(table, name, row) !== first) return true;
    }
    return false;
  });
}

export function axisOf(along: string): {title: string; scale: "log" | "linear"} {
  if (along === "compute") return {title: "compute 6·N·D, FLOPs", scale: "log"};
  const {title, symbol, scale} = variables[along as VariableName];
  return {
    title: `${title.toLowerCase()} ${symbol.includes("_") ? "" : symbol}`.trim(),
    scale: along === "loss" ? "log" : scale,
  };
}

/** "N 57.1M, D 2.79B, 4 bits of weights": what tells a run from others. */
export function runName(table: LawTable["runs"], row: number, text: (value: number) => string): string {
  const parts = Object.keys(variables).flatMap((name) => {
    if (name === "loss" || !table.columns[name]) return [];
    const value = table.columns[name][row];
    const {symbol, without} = variables[name as VariableName];
    if (value === without) return [];
    return [`${symbol} ${Number.isNaN(value) ? "?" : text(value)}`];
  });
  return parts.join(", ");
}
