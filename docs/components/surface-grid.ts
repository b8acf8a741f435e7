import {evaluateGrid, type Grid, nodeTokens} from "../src/laws/grid.js";
import type {Point} from "../src/laws/variables.js";
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
  const {law, constants} = surface;
  const grid = gridOf(surface, options);
  const values = evaluateGrid(law, constants, grid);
  if (options.shown === "loss") return values;
  const reference = evaluateGrid(law, constants, {
    ...grid, // as many tokens for the rounded model as for the one that is not
    across: grid.across.map(unrounded),
    up: grid.up.map(unrounded),
    rest: unrounded(grid.rest),
  });
  for (let i = 0; i < values.length; i++) values[i] -= reference[i];
  return values;
}

function gridOf(surface: SurfaceLaw, {x, y, values, tokensAt, columns, rows}: GridOptions): Grid {
  const points = (axis: Axis, count: number) =>
    Array.from({length: count}, (_, i) => assigned(surface, axis.name, valueAt(axis, i / (count - 1))));
  const grid = {
    across: points(x, columns),
    up: points(y, rows),
    rest: pointOf(surface, withoutAxes(values, x, y)),
  };
  return tokensAt ? {...grid, tokens: nodeTokens(grid, tokensAt)} : grid;
}

/** Values of what is on neither axis; `bits` counts only on one. */
function withoutAxes(values: AxisValues, x: Axis, y: Axis): AxisValues {
  const rest = {...values};
  for (const name of [x.name, y.name, "bits"] as const) delete rest[name];
  return rest;
}
