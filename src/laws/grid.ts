import {inputsOf, type Law, type Term} from "./law.js";
import type {Point, VariableName} from "./variables.js";

/** Points of which each column, each row and everything else give some variables; a column's come before a row's. */
export interface Grid {
  /** Of each column, all of the same variables. */
  readonly across: readonly Point[];
  /** Of each row, all of the same variables. */
  readonly up: readonly Point[];
  /** The variables that neither gives; what it leaves out is not rounded. */
  readonly rest: Point;
  /** Tokens of every node, where they are those of no column, row or rest. */
  readonly tokens?: NodeTokens;
}

/** Tokens of every node, and what they are the product of, where they are one of something of the column and of the row. */
export interface NodeTokens {
  readonly values: Float64Array;
  readonly factors: {readonly byColumn: readonly number[]; readonly byRow: readonly number[]} | null;
}

/**
 * The law's loss at all nodes of a grid, row by row; NaN where the form has no value. A variable that the law does not have
 * changes nothing. Where the law is a sum of products, each function is computed once for a row or column: 200 × 200 points
 * take less than a frame.
 *
 * @param constants in the law's order
 * @param losses filled and returned if given, one for each node
 * @throws a usage error that names a missing variable
 */
export function evaluateGrid(
  law: Law,
  constants: ArrayLike<number>,
  grid: Grid,
  losses = new Float64Array(grid.across.length * grid.up.length),
): Float64Array {
  const {across, up, rest, tokens} = grid;
  const ofTokens = tokens && {tokens: tokens.values[0]};
  const inputs = inputsOf(law, {...rest, ...up[0], ...across[0], ...ofTokens});
  if (!law.terms) return evaluateNodes(law, constants, grid, {inputs, losses});
  const complete = Object.fromEntries(law.variables.map((name, i) => [name, inputs[i]]));
  losses.fill(0);
  for (const term of law.terms(constants)) addTerm(term, {...grid, rest: complete}, losses);
  return losses;
}

function evaluateNodes(
  {variables, evaluate}: Law,
  constants: ArrayLike<number>,
  {across, up, tokens}: Grid,
  {inputs, losses}: {readonly inputs: Float64Array; readonly losses: Float64Array},
): Float64Array {
  const ofTokens = variables.indexOf("tokens");
  const put = (point: Point) => {
    for (let k = 0; k < inputs.length; k++) inputs[k] = point[variables[k]] ?? inputs[k];
  };
  for (let row = 0, at = 0; row < up.length; row++) {
    put(up[row]);
    for (let column = 0; column < across.length; column++, at++) {
      put(across[column]);
      if (tokens && ofTokens >= 0) inputs[ofTokens] = tokens.values[at];
      losses[at] = evaluate(constants, inputs);
    }
  }
  return losses;
}

type AtNode = (column: number, row: number) => number;

/** Adds a product of functions; those of a column or a row are computed once for it. */
function addTerm(
  {coefficient, factors, pairs = []}: Term,
  {across, up, rest, tokens}: Grid,
  losses: Float64Array,
): void {
  const columns = across.length;
  const byColumn = new Float64Array(columns).fill(1);
  const byRow = new Float64Array(up.length).fill(coefficient);
  const byNode: AtNode[] = [];
  for (const [name, factor] of Object.entries(factors) as [VariableName, (value: number) => number][]) {
    const {value} = sourceOf(name);
    if (name === "tokens" && tokens?.factors && isPower(factor)) {
      multiply(byColumn, (column) => factor(tokens.factors!.byColumn[column]));
      multiply(byRow, (row) => factor(tokens.factors!.byRow[row]));
    } else include([name], (column, row) => factor(value(column, row)));
  }
  for (const {of, at} of pairs) {
    const [first, second] = of.map((name) => sourceOf(name).value);
    include(of, (column, row) => at(first(column, row), second(column, row)));
  }
  for (let row = 0, place = 0; row < up.length; row++) {
    const ofRow = byRow[row];
    for (let column = 0; column < columns; column++, place++) {
      let product = ofRow * byColumn[column];
      for (let i = 0; i < byNode.length; i++) product *= byNode[i](column, row);
      losses[place] += product;
    }
  }

  /** Takes a factor of some variables to where it is computed the least often. */
  function include(names: readonly VariableName[], factor: AtNode): void {
    const sources = names.map((name) => sourceOf(name).of);
    if (!sources.includes("row") && !sources.includes("node")) {
      if (sources.includes("column")) multiply(byColumn, (column) => factor(column, 0));
      else multiplyAll(byRow, factor(0, 0));
    } else if (sources.includes("column") || sources.includes("node")) byNode.push(factor);
    else multiply(byRow, (row) => factor(0, row));
  }

  /** What gives a variable its value. */
  function sourceOf(name: VariableName): {readonly of: "column" | "row" | "node" | "rest"; value: AtNode} {
    if (name === "tokens" && tokens) {
      return {of: "node", value: (column, row) => tokens.values[row * columns + column]};
    }
    if (name in across[0]) return {of: "column", value: (column) => across[column][name]!};
    if (name in up[0]) return {of: "row", value: (_, row) => up[row][name]!};
    const value = rest[name]!;
    return {of: "rest", value: () => value};
  }
}

function multiply(values: Float64Array, factor: (place: number) => number): void {
  for (let i = 0; i < values.length; i++) values[i] *= factor(i);
}

function multiplyAll(values: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] *= factor;
}

/** Whether a function is a power: of a product, it is then the product of the function. */
const isPower = (value: (x: number) => number): boolean =>
  [
    [2, 3],
    [1e4, 7e5],
    [0.5, 3e9],
  ].every(([a, b]) => Math.abs(value(a) * value(b) - value(a * b)) <= 1e-9 * Math.abs(value(a * b)));

/** The tokens of every node that follow from its other variables, such as those that a budget of compute leaves. */
export function nodeTokens(
  {across, up, rest}: Omit<Grid, "tokens">,
  tokensAt: (point: Point) => number,
): NodeTokens {
  const point = {...rest};
  // One point for all nodes: tens of thousands of copies take a tenth of a second.
  const at = (column: number, row: number) => tokensAt(Object.assign(point, up[row], across[column]));
  const [columns, rows] = [across.length, up.length];
  const first = at(0, 0);
  const byColumn = across.map((_, column) => at(column, 0) / first);
  const byRow = up.map((_, row) => at(0, row));
  const last = at(columns - 1, rows - 1);
  const isProduct = Math.abs(byColumn[columns - 1] * byRow[rows - 1] - last) <= 1e-9 * last;
  const values = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = isProduct ? byColumn[column] * byRow[row] : at(column, row);
  }
  return {values, factors: isProduct ? {byColumn, byRow} : null};
}
