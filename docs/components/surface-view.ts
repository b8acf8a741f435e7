import {costOf, tokensFor} from "../src/laws/budgets.js";
import type {Point} from "../src/laws/variables.js";
import {isoLevels} from "./iso-levels.js";
import {type IsoLine, isoLines} from "./iso-lines.js";
import {type ColorScale, divergingScale, sequentialScale} from "./loss-colors.js";
import {type MeasuredPoint, type MeasuredRun, measuredPoints, pointsOnPlane} from "./measured-runs.js";
import {type Axis, type AxisValues, shareOf} from "./surface-axis.js";
import {
  type Budget,
  type BudgetName,
  budgetLine,
  budgets,
  budgetsOf,
  lowestPlace,
  type Optimum,
  optimumOnLine,
  type Place,
  type Plane,
} from "./surface-budget.js";
import {surfaceGrid} from "./surface-grid.js";
import {lossOf, type SurfaceLaw, unrounded} from "./surface-law.js";

/** What a picture of a surface shows. */
export interface SurfaceView {
  readonly surface: SurfaceLaw;
  /** The law that is taken off, where the difference of two is shown. */
  readonly against: SurfaceLaw | null;
  readonly x: Axis;
  readonly y: Axis;
  /** Of all variables; those of the two axes are where the point stands. */
  readonly values: AxisValues;
  readonly shown: "loss" | "rise";
  readonly budget: BudgetName | null;
  /** Of the budget; null for what the point costs. */
  readonly amount: number | null;
  /** Operations for training, which then decide the tokens. */
  readonly compute: number | null;
  readonly hidden: readonly SurfaceLayer[];
  readonly runs: readonly MeasuredRun[];
}

export const surfaceLayers = ["lines", "runs", "range", "budget", "slices"] as const;

export type SurfaceLayer = (typeof surfaceLayers)[number];

/** What of a view does not change while its point or its budget moves. */
export interface SurfaceField {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float64Array;
  readonly lines: readonly IsoLine[];
  readonly levels: readonly number[];
  readonly scale: ColorScale;
  /** The lowest and the highest value. */
  readonly extent: readonly [number, number];
  /** Share of the nodes at which the law has a value. */
  readonly covered: number;
  readonly points: readonly MeasuredPoint[];
}

/** Nodes along each axis. */
const gridSize = 200;

export const planeOf = ({surface, x, y, values, compute}: SurfaceView): Plane => ({
  ...{surface, x, y, values},
  ...tokensOf(surface, compute),
});

/** What a given compute leaves to train a law's models on. */
const tokensOf = ({law}: SurfaceLaw, compute: number | null) =>
  compute !== null && {tokensAt: (point: Point) => tokensFor(compute, law, point)};

/** All that the field depends on: a view with the same key has the same field. */
export const fieldKey = ({
  surface,
  against,
  x,
  y,
  values,
  shown,
  compute,
  hidden,
  runs,
}: SurfaceView): string =>
  [
    ...[surface.key, against?.key, x.name, y.name, shown, compute, hidden.includes("runs"), runs.length],
    ...surface.axes.filter((axis) => axis !== x && axis !== y).map(({name}) => values[name]),
  ].join(" ");

export function surfaceField(view: SurfaceView, {size = gridSize}: {size?: number} = {}): SurfaceField {
  const {surface, against, x, y, values, shown, compute, runs, hidden} = view;
  const options = {x, y, values, shown, columns: size, rows: size};
  const grid = surfaceGrid(surface, {...options, ...tokensOf(surface, compute)});
  if (against) {
    const other = surfaceGrid(against, {...options, ...tokensOf(against, compute)});
    for (let i = 0; i < grid.length; i++) grid[i] -= other[i];
  }
  const measured = measuredPoints(runs, shown);
  const onPlane =
    against || hidden.includes("runs") ? [] : pointsOnPlane(measured, {axes: surface.axes, x, y, values});
  const spread = spreadOf(
    grid,
    onPlane.map(({value}) => value),
  );
  const lattice = {columns: size, rows: size, values: grid};
  const scale = against
    ? divergingScale(Math.max(Math.abs(spread.low), Math.abs(spread.high)), spread.unit)
    : sequentialScale(spread.low, spread.high, spread.unit);
  const levels = isoLevels(scale);
  return {
    ...lattice,
    ...{scale, levels, points: onPlane},
    lines: isoLines(lattice, levels),
    extent: [spread.least, spread.most],
    covered: spread.covered,
  };
}

/** Share of the values, from below, that have colours of their own: what lies above is a cliff. */
const coloured = 0.95;

/** Where the colours begin and end, and over what they run linearly: a quarter of the distance to the middle value. */
function spreadOf(grid: Float64Array, others: readonly number[]) {
  const sample: number[] = [];
  const stride = Math.max(1, Math.floor(grid.length / 1501)) | 1; // odd, so that it wanders over the columns
  let [covered, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < grid.length; i++) {
    const value = grid[i];
    if (!Number.isFinite(value)) continue;
    covered++;
    if (value > most) most = value;
    if (value < least) least = value;
    if (i % stride === 0) sample.push(value);
  }
  sample.sort((a, b) => a - b);
  const at = (share: number) => sample[Math.round(share * (sample.length - 1))] ?? 0;
  const low = Math.min(least, ...others);
  const high = Math.max(at(coloured), ...others, low + 1e-4);
  const origin = Math.max(low, 0);
  const distances = sample.map((value) => Math.abs(value - origin)).sort((a, b) => a - b);
  const unit = Math.max((distances[distances.length >> 1] ?? 1) / 4, 1e-3 * (high - low));
  return {...{low, high, unit, least, most}, covered: covered / grid.length};
}

/** The budget whose line is shown, and its amount; null where the plane has no such line. */
export function shownBudget(view: SurfaceView): {budget: Budget; amount: number} | null {
  if (view.budget === null || view.hidden.includes("budget")) return null;
  const plane = planeOf(view);
  const budget = budgets[view.budget];
  if (!budgetsOf(plane).includes(budget)) return null;
  return {budget, amount: view.amount ?? amountAtPoint(view, budget)};
}

/** The line of the shown budget, and the best place on it. */
interface Spending {
  readonly budget: Budget;
  readonly amount: number;
  readonly line: readonly Place[];
  /** Null where the law has no value, and of a difference of laws, which has nothing that is best. */
  readonly optimum: Optimum | null;
}

const spendings = new WeakMap<SurfaceView, Spending | null>();

/** The shown budget's line, looked for once for a view. */
export function spendingOf(view: SurfaceView): Spending | null {
  const known = spendings.get(view);
  if (known !== undefined) return known;
  const shown = shownBudget(view);
  const plane = planeOf(view);
  const spending = shown && {
    ...shown,
    line: budgetLine(plane, shown.budget, shown.amount),
    optimum: view.against ? null : optimumOnLine(plane, shown.budget, shown.amount),
  };
  spendings.set(view, spending);
  return spending;
}

const lowest = new WeakMap<SurfaceField, Optimum | null>();

/** The best place of the whole plane, where compute decides the tokens; looked for once for a field. */
export function lowestOf(view: SurfaceView, field: SurfaceField): Optimum | null {
  if (view.compute === null || view.against || view.shown === "rise") return null;
  const known = lowest.get(field);
  if (known !== undefined) return known;
  const place = lowestPlace(planeOf(view), field);
  lowest.set(field, place);
  return place;
}

/** What the point costs. */
function amountAtPoint(view: SurfaceView, budget: Budget): number {
  const {x, y, values} = view;
  if (budget.kind === null) return (values[x.name] ?? 0) + (values[y.name] ?? 0);
  return costOf(budget.kind, view.surface.law, pointOfView(view));
}

/** The variables of the view's law, or of another one, at the view's point or where some values differ. */
export function pointOfView(
  {surface, x, y, values, compute}: SurfaceView,
  {changes = {}, law = surface}: {changes?: AxisValues; law?: SurfaceLaw} = {},
): Point {
  const {bits, ...others} = {...values, ...changes};
  const isTogether = [x.name, y.name].includes("bits") && bits !== undefined;
  const point = isTogether ? {...others, ...law.together?.(bits)} : others;
  return compute === null ? point : {...point, tokens: tokensFor(compute, law.law, point)};
}

/** The loss of a law at the view's point, or by how much it exceeds that with nothing rounded. */
export function valueOfLaw(law: SurfaceLaw, view: SurfaceView, changes: AxisValues = {}): number {
  const point = pointOfView(view, {changes, law});
  const loss = lossOf(law, point);
  return view.shown === "loss" ? loss : loss - lossOf(law, unrounded(point));
}

/** What the picture shows at the view's point, or where some values differ: of the law, or the difference of both. */
export const valueOfView = (view: SurfaceView, changes: AxisValues = {}): number =>
  valueOfLaw(view.surface, view, changes) - (view.against ? valueOfLaw(view.against, view, changes) : 0);

/** Where the point stands, as shares of both axes. */
export const placeOfView = ({x, y, values}: SurfaceView) => ({
  u: shareOf(x, values[x.name]!),
  v: shareOf(y, values[y.name]!),
});
