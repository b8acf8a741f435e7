import type {Term} from "../src/laws/law.js";
import {type Point, type VariableName, variables} from "../src/laws/variables.js";
import {type Axis, type AxisValues, valueAt} from "./surface-axis.js";
import {assigned, pointOf, type SurfaceLaw, unrounded} from "./surface-law.js";

interface GridOptions {
  readonly x: Axis;
  readonly y: Axis;
  /** Of all variables; those on the axes do not matter. */
  readonly values: AxisValues;
  /** The loss itself, or by how much it exceeds that of the same point with nothing rounded. */
  readonly shown: "loss" | "rise";
  /** What decides the tokens, where the compute is given and they are what it leaves. */
  readonly tokensAt?: (point: Point) => number;
  readonly columns: number;
  readonly rows: number;
}

/**
 * The law at each node of a lattice over the two axes, in nats per token, row by row from the lowest; NaN where it has no
 * value.
 */
export function surfaceGrid(surface: SurfaceLaw, options: GridOptions): Float64Array {
  const frame = frameOf(surface, options);
  const grid = lossGrid(surface, frame);
  if (options.shown === "loss") return grid;
  const reference = lossGrid(surface, {
    across: frame.across.map(unrounded),
    up: frame.up.map(unrounded),
    rest: unrounded(frame.rest),
    tokens: frame.tokens, // as many for the rounded model as for the one that is not
  });
  for (let i = 0; i < grid.length; i++) grid[i] -= reference[i];
  return grid;
}

/** What each column, each row and everything else give the law's variables. */
interface Frame {
  readonly across: readonly Point[];
  readonly up: readonly Point[];
  readonly rest: Point;
  /** Of every node, where they are not among those. */
  readonly tokens: Tokens | null;
}

/** Tokens of every node, and what they are the product of, where they are one of something of the column and of the row. */
interface Tokens {
  readonly values: Float64Array;
  readonly factors: {readonly byColumn: readonly number[]; readonly byRow: readonly number[]} | null;
}

function frameOf(surface: SurfaceLaw, {x, y, values, tokensAt, columns, rows}: GridOptions): Frame {
  const points = (axis: Axis, count: number) =>
    Array.from({length: count}, (_, i) => assigned(surface, axis.name, valueAt(axis, i / (count - 1))));
  const across = points(x, columns);
  const up = points(y, rows);
  const rest = pointOf(surface, withoutAxes(values, x, y));
  return {across, up, rest, tokens: tokensAt ? tokensGrid({across, up, rest}, tokensAt) : null};
}

function tokensGrid({across, up, rest}: Omit<Frame, "tokens">, tokensAt: (point: Point) => number): Tokens {
  const at = (i: number, j: number) => tokensAt({...rest, ...up[j], ...across[i]});
  const [columns, rows] = [across.length, up.length];
  const first = at(0, 0);
  const byColumn = across.map((_, i) => at(i, 0) / first);
  const byRow = up.map((_, j) => at(0, j));
  const last = at(columns - 1, rows - 1);
  const isProduct = Math.abs(byColumn[columns - 1] * byRow[rows - 1] - last) <= 1e-9 * last;
  const values = new Float64Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) values[j * columns + i] = isProduct ? byColumn[i] * byRow[j] : at(i, j);
  }
  return {values, factors: isProduct ? {byColumn, byRow} : null};
}

/** Whether a function is a power: of a product, it is then the product of the function. */
const isPower = (value: (x: number) => number): boolean =>
  [
    [2, 3],
    [1e4, 7e5],
    [0.5, 3e9],
  ].every(([a, b]) => Math.abs(value(a) * value(b) - value(a * b)) <= 1e-9 * Math.abs(value(a * b)));

function lossGrid(surface: SurfaceLaw, frame: Frame): Float64Array {
  const terms = surface.law.terms?.(surface.constants);
  return terms ? termGrid(terms, frame) : pointGrid(surface, frame);
}

/** Sums of products of functions of one variable each: a function is computed once for a column or a row. */
function termGrid(terms: readonly Term[], {across, up, rest, tokens}: Frame): Float64Array {
  const columns = across.length;
  const grid = new Float64Array(columns * up.length);
  for (const term of terms) {
    const ofTokens = tokens ? term.factors.tokens : undefined;
    const isFree = (name: VariableName) =>
      !(name in across[0]) && !(name in up[0]) && !(ofTokens && name === "tokens");
    const constant = term.coefficient * product(term, rest, isFree);
    const byColumn = across.map((point) => constant * product(term, point, (name) => name in point));
    const byRow = up.map((point) => product(term, point, (name) => name in point));
    const isSplit = ofTokens && tokens?.factors && isPower(ofTokens);
    if (isSplit) {
      for (let i = 0; i < columns; i++) byColumn[i] *= ofTokens(tokens.factors!.byColumn[i]);
      for (let j = 0; j < up.length; j++) byRow[j] *= ofTokens(tokens.factors!.byRow[j]);
    }
    for (let j = 0; j < up.length; j++) {
      const factor = byRow[j];
      let at = j * columns;
      if (ofTokens && !isSplit) {
        for (let i = 0; i < columns; i++, at++)
          grid[at] += byColumn[i] * factor * ofTokens(tokens!.values[at]);
      } else {
        for (let i = 0; i < columns; i++, at++) grid[at] += byColumn[i] * factor;
      }
    }
  }
  return grid;
}

/** The product of the term's functions of the variables that `isMeant` chooses. */
function product({factors}: Term, point: Point, isMeant: (name: VariableName) => boolean): number {
  let result = 1;
  for (const [name, factor] of Object.entries(factors) as [VariableName, (value: number) => number][]) {
    if (isMeant(name)) result *= factor(point[name] ?? variables[name].without ?? Number.NaN);
  }
  return result;
}

function pointGrid({law, constants}: SurfaceLaw, {across, up, rest, tokens}: Frame): Float64Array {
  const columns = across.length;
  const inputs = law.variables.map((name) => rest[name] ?? variables[name].without ?? Number.NaN);
  const ofTokens = law.variables.indexOf("tokens");
  const put = (point: Point) => {
    for (let k = 0; k < inputs.length; k++) inputs[k] = point[law.variables[k]] ?? inputs[k];
  };
  const grid = new Float64Array(columns * up.length);
  for (let j = 0; j < up.length; j++) {
    put(up[j]);
    for (let i = 0; i < columns; i++) {
      put(across[i]);
      const at = j * columns + i;
      if (tokens) inputs[ofTokens] = tokens.values[at];
      grid[at] = law.evaluate(constants, inputs);
    }
  }
  return grid;
}

/** Values of what is on neither axis; `bits` counts only on one. */
function withoutAxes(values: AxisValues, x: Axis, y: Axis): AxisValues {
  const rest = {...values};
  for (const name of [x.name, y.name, "bits"] as const) delete rest[name];
  return rest;
}
