import {type BudgetKind, type BudgetLine, costOf, equalCostLine} from "../src/laws/budgets.js";
import {bytesText} from "../src/laws/quantity.js";
import {minimise} from "../src/laws/solve.js";
import type {Point} from "../src/laws/variables.js";
import {roundedText} from "./number-text.js";
import {shortCount} from "./short-count.js";
import {type Axis, type AxisName, type AxisValues, shareOf, valueAt} from "./surface-axis.js";
import {lossOf, pointOf, type SurfaceLaw} from "./surface-law.js";

export const budgetNames = ["memory", "inference", "compute", "bits"] as const;

export type BudgetName = (typeof budgetNames)[number];

/** What a choice of all variables costs; grows with each of them. */
export interface Budget {
  readonly name: BudgetName;
  readonly title: string;
  readonly formula: string;
  /** Null for the sum of both axes. */
  readonly kind: BudgetKind | null;
  readonly text: (amount: number) => string;
  /** What the text is an amount of, after it. */
  readonly of: string;
}

export const budgets: Readonly<Record<BudgetName, Budget>> = {
  memory: {
    name: "memory",
    title: "memory for the weights",
    formula: "N·P/8 bytes, P the bits of the weights",
    kind: "memory",
    text: bytesText,
    of: "for the weights",
  },
  inference: {
    name: "inference",
    title: "work for each token served",
    formula: "N·P, P the mean bits of weights and activations",
    kind: "work",
    text: (amount) => `${shortCount(amount)} parameter-bits`,
    of: "for each token",
  },
  compute: {
    name: "compute",
    title: "compute for training",
    formula: "(6/16)·N·D·P, P the mean bits of weights and activations",
    kind: "compute",
    text: (amount) => `${roundedText(amount, 2)} operations`,
    of: "of training",
  },
  bits: {
    name: "bits",
    title: "bits in all",
    formula: "the sum of the bits on both axes",
    kind: null,
    text: (amount) => `${Math.round(amount * 10) / 10} bits`,
    of: "on both axes together",
  },
};

/** What the optimum is looked for in: a surface, its axes and the values of all variables. */
export interface Plane {
  readonly surface: SurfaceLaw;
  readonly x: Axis;
  readonly y: Axis;
  readonly values: AxisValues;
  readonly tokensAt?: (point: Point) => number;
}

/** A place on a plane, as shares of its axes from 0 to 1. */
export interface Place {
  readonly u: number;
  readonly v: number;
}

/** The law's variables at a place. */
export function pointAt({surface, x, y, values, tokensAt}: Plane, {u, v}: Place): Point {
  const {bits, ...others} = values;
  const point = pointOf(surface, {...others, [x.name]: valueAt(x, u), [y.name]: valueAt(y, v)});
  return tokensAt ? {...point, tokens: tokensAt(point)} : point;
}

export const lossAtPlace = (plane: Plane, place: Place): number =>
  lossOf(plane.surface, pointAt(plane, place));

const bitNames: readonly AxisName[] = [
  ...(["weightBits", "activationBits", "cacheBits", "gradientBits", "exponentBits", "mantissaBits"] as const),
];

/** The budgets that a plane has lines of: those whose cost changes over it. */
export function budgetsOf(plane: Plane): Budget[] {
  const {x, y, tokensAt} = plane;
  const areBits = bitNames.includes(x.name) && bitNames.includes(y.name);
  return Object.values(budgets).filter((budget) => {
    if (budget.name === "bits") return areBits;
    if (budget.name === "compute" && tokensAt) return false;
    const cost = costOn(plane, budget);
    const corner = cost(x.range[0], y.range[0]);
    return cost(x.range[1], y.range[0]) !== corner || cost(x.range[0], y.range[1]) !== corner;
  });
}

/** One point for all values of the axes, moved to each: a line asks for hundreds of them within a frame. */
function pointMover(plane: Plane): (ofX: number, ofY: number) => Point {
  const {surface, x, y, tokensAt} = plane;
  const point: {-readonly [Name in keyof Point]: Point[Name]} = {...pointAt(plane, {u: 0, v: 0})};
  const put = (axis: Axis, value: number) => {
    if (axis.name === "bits") Object.assign(point, surface.together?.(value));
    else point[axis.name] = value;
  };
  return (ofX, ofY) => {
    put(x, ofX);
    put(y, ofY);
    if (tokensAt) point.tokens = tokensAt(point);
    return point;
  };
}

/** What a budget counts at values of the axes. */
function costOn(plane: Plane, {kind}: Budget): (ofX: number, ofY: number) => number {
  if (kind === null) return (ofX, ofY) => ofX + ofY;
  const pointOn = pointMover(plane);
  return (ofX, ofY) => costOf(kind, plane.surface.law, pointOn(ofX, ofY));
}

export const costAt = (plane: Plane, budget: Budget, {u, v}: Place): number =>
  costOn(plane, budget)(valueAt(plane.x, u), valueAt(plane.y, v));

const samples = 120;

/** The line of equal cost on a plane, in values of the axes. */
const lineOn = (plane: Plane, budget: Budget, amount: number): BudgetLine | undefined =>
  equalCostLine(costOn(plane, budget), {x: sideOf(plane.x), y: sideOf(plane.y), amount});

const sideOf = ({scale, range: [from, to]}: Axis) => ({from, to, scale});

/** Places of equal cost, from one side of the plane to the other; none where the amount is nowhere spent. */
export function budgetLine(plane: Plane, budget: Budget, amount: number): Place[] {
  const line = lineOn(plane, budget, amount);
  return line ? Array.from({length: samples + 1}, (_, i) => placeOf(plane, line(i / samples))) : [];
}

const placeOf = ({x, y}: Plane, at: {readonly x: number; readonly y: number}): Place => ({
  u: shareOf(x, at.x),
  v: shareOf(y, at.y),
});

export interface Optimum extends Place {
  readonly loss: number;
  /** Whether a better place may lie outside of the picture. */
  readonly isAtEdge: boolean;
}

/** The place of the lowest loss on a budget's line; null where the line or the law has none. */
export function optimumOnLine(plane: Plane, budget: Budget, amount: number): Optimum | null {
  const line = lineOn(plane, budget, amount);
  if (!line) return null;
  const pointOn = pointMover(plane);
  const lossAlong = (t: number) => {
    const {x, y} = line(t);
    return lossOf(plane.surface, pointOn(x, y));
  };
  const {at, value: loss} = minimise(lossAlong, 0, 1, samples);
  if (Number.isNaN(at)) return null;
  return {...placeOf(plane, line(at)), loss, isAtEdge: at < 1e-6 || at > 1 - 1e-6};
}

/** The lowest place of the whole plane, looked for from the lowest node of a grid of it. */
export function lowestPlace(
  plane: Plane,
  {columns, rows, values}: {columns: number; rows: number; values: Float64Array},
): Optimum | null {
  let best = -1;
  for (let i = 0; i < values.length; i++)
    if (best < 0 ? !Number.isNaN(values[i]) : values[i] < values[best]) best = i;
  if (best < 0) return null;
  let place: Place = {u: (best % columns) / (columns - 1), v: Math.floor(best / columns) / (rows - 1)};
  let loss = lossAtPlace(plane, place);
  for (let step = 1 / columns; step > 1e-5; ) {
    const better = neighbours(place, step)
      .map((other) => ({other, loss: lossAtPlace(plane, other)}))
      .filter((next) => next.loss < loss)
      .sort((a, b) => a.loss - b.loss)[0];
    if (better) {
      place = better.other;
      loss = better.loss;
    } else step /= 2;
  }
  const isAtEdge = [place.u, place.v].some((share) => share < 1e-4 || share > 1 - 1e-4);
  return {...place, loss, isAtEdge};
}

const neighbours = ({u, v}: Place, step: number): Place[] =>
  [-1, 0, 1]
    .flatMap((i) => [-1, 0, 1].map((j) => ({u: u + i * step, v: v + j * step})))
    .filter(({u, v}) => u >= 0 && u <= 1 && v >= 0 && v <= 1);
