import type {Point} from "../src/laws/variables.js";
import {countText} from "./count-text.js";
import {type Axis, type AxisName, type AxisValues, valueAt} from "./surface-axis.js";
import {lossOf, pointOf, type SurfaceLaw} from "./surface-law.js";

export const budgetNames = ["memory", "inference", "compute", "bits"] as const;

export type BudgetName = (typeof budgetNames)[number];

/** What a choice of all variables costs; grows with each of them. */
export interface Budget {
  readonly name: BudgetName;
  readonly title: string;
  readonly formula: string;
  readonly costOf: (point: Point) => number;
  readonly text: (amount: number) => string;
  /** What the text is an amount of, after it. */
  readonly of: string;
}

/** Bits of what is not rounded: the runs of the papers keep it in BF16. */
const plainBits = 16;

/** Bits in which a point's weights are kept: of the integers, or of the layout. */
export function storedBits({weightBits, exponentBits, mantissaBits}: Point): number {
  if (exponentBits !== undefined || mantissaBits !== undefined)
    return Math.min(plainBits, (exponentBits ?? 8) + (mantissaBits ?? 7) + 1);
  return Math.min(plainBits, weightBits ?? plainBits);
}

/** Bits of both operands of a product, on average: what its cost is in proportion to. */
function multipliedBits(point: Point): number {
  if (point.exponentBits !== undefined || point.mantissaBits !== undefined) return storedBits(point);
  return (storedBits(point) + Math.min(plainBits, point.activationBits ?? plainBits)) / 2;
}

/** Operations are 16-bit ones: 6·N·D of them train a model in 16 bits. */
const perBit = 6 / 16;

export const budgets: Readonly<Record<BudgetName, Budget>> = {
  memory: {
    name: "memory",
    title: "memory for the weights",
    formula: "N·P/8 bytes, P the bits of the weights",
    costOf: (point) => (point.parameters! * storedBits(point)) / 8,
    text: bytesText,
    of: "for the weights",
  },
  inference: {
    name: "inference",
    title: "work for each token served",
    formula: "N·P, P the mean bits of weights and activations",
    costOf: (point) => point.parameters! * multipliedBits(point),
    text: (amount) => `${countText(amount)} parameter-bits`,
    of: "for each token",
  },
  compute: {
    name: "compute",
    title: "compute for training",
    formula: "(6/16)·N·D·P, P the mean bits of weights and activations",
    costOf: (point) => perBit * point.parameters! * point.tokens! * multipliedBits(point),
    text: (amount) => `${powerText(amount)} operations`,
    of: "of training",
  },
  bits: {
    name: "bits",
    title: "bits in all",
    formula: "the sum of the bits on both axes",
    costOf: ({
      weightBits = 0,
      activationBits = 0,
      cacheBits = 0,
      gradientBits = 0,
      exponentBits = 0,
      mantissaBits = 0,
    }) => weightBits + activationBits + cacheBits + gradientBits + exponentBits + mantissaBits,
    text: (amount) => `${Math.round(amount * 10) / 10} bits`,
    of: "on both axes together",
  },
};

/** Tokens that a compute budget leaves for a model. */
export const tokensFor =
  (compute: number) =>
  (point: Point): number =>
    compute / (perBit * point.parameters! * multipliedBits(point));

/** "24 kB", "1.2 GB", in powers of ten. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  const rounded = Number(bytes.toPrecision(3));
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(rounded, 1)) / 3)));
  return `${Number((rounded / 1000 ** unit).toPrecision(3))} ${units[unit]}`;
}

/** "2.4 · 10²¹". */
function powerText(amount: number): string {
  const [digits, power] = amount.toExponential(1).split("e");
  const raised = [...String(Number(power))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "⁻").join("");
  return `${Number(digits)} · 10${raised}`;
}

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
  const areBits = bitNames.includes(plane.x.name) && bitNames.includes(plane.y.name);
  return Object.values(budgets).filter((budget) => {
    if (budget.name === "bits") return areBits;
    if (budget.name === "compute" && plane.tokensAt) return false;
    const {byX, byY} = directions(plane, budget);
    return byX || byY;
  });
}

/** One point for all places of a plane, moved to each: a line asks for thousands of them within a frame. */
function pointMover(plane: Plane): (u: number, v: number) => Point {
  const {surface, x, y, tokensAt} = plane;
  const point: {-readonly [Name in keyof Point]: Point[Name]} = {...pointAt(plane, {u: 0, v: 0})};
  const put = (axis: Axis, share: number) => {
    const value = valueAt(axis, share);
    if (axis.name === "bits") Object.assign(point, surface.together?.(value));
    else point[axis.name] = value;
  };
  return (u, v) => {
    put(x, u);
    put(y, v);
    if (tokensAt) point.tokens = tokensAt(point);
    return point;
  };
}

/** What a budget counts at places of a plane; a budget of bits counts those on the axes. */
function costOn(plane: Plane, budget: Budget): (u: number, v: number) => number {
  const {x, y} = plane;
  if (budget.name === "bits") return (u, v) => valueAt(x, u) + valueAt(y, v);
  const pointOn = pointMover(plane);
  return (u, v) => budget.costOf(pointOn(u, v));
}

export const costAt = (plane: Plane, budget: Budget, {u, v}: Place): number => costOn(plane, budget)(u, v);

function directions(plane: Plane, budget: Budget): {byX: boolean; byY: boolean; isSteep: boolean} {
  const cost = costOn(plane, budget);
  const start = straightened(budget, cost(0, 0));
  const [across, up] = [cost(1, 0), cost(0, 1)].map((end) => straightened(budget, end) - start);
  return {byX: across !== 0, byY: up !== 0, isSteep: across > up};
}

/** A cost as a number that grows about evenly along the axes: products by their logarithm, sums as they are. */
const straightened = ({name}: Budget, cost: number): number => (name === "bits" ? cost : Math.log(cost));

const samples = 120;

/** A line of equal cost as a function of the share of the axis along which it is walked; null where it leaves the plane. */
interface Walk {
  readonly at: (t: number) => Place | null;
  /** The first and the last share at which it is on the plane; the first is above the last where it never is. */
  readonly span: readonly [number, number];
}

function walkOf(plane: Plane, budget: Budget, amount: number): Walk {
  const {isSteep} = directions(plane, budget);
  const cost = costOn(plane, budget);
  const wanted = straightened(budget, amount);
  const excess = (t: number, s: number) => straightened(budget, isSteep ? cost(s, t) : cost(t, s)) - wanted;
  const isOn = (t: number) => excess(t, 0) <= 0 && excess(t, 1) >= 0;
  return {
    at(t) {
      if (!isOn(t)) return null;
      const s = rootOf((s) => excess(t, s));
      return isSteep ? {u: s, v: t} : {u: t, v: s};
    },
    span: spanOf(isOn),
  };
}

/** Where an ascending function that is not above zero at 0, nor below at 1, is zero: false position, after Illinois. */
function rootOf(value: (s: number) => number): number {
  let [low, high] = [0, 1];
  let [atLow, atHigh] = [value(0), value(1)];
  if (atLow === 0) return 0;
  let side = 0;
  for (let i = 0; i < 100 && high - low > 1e-13; i++) {
    const s = low + (atLow / (atLow - atHigh)) * (high - low);
    const at = value(s);
    if (Math.abs(at) < 1e-13) return s;
    if (at < 0) {
      low = s;
      atLow = at;
      if (side < 0) atHigh /= 2;
      side = -1;
    } else {
      high = s;
      atHigh = at;
      if (side > 0) atLow /= 2;
      side = 1;
    }
  }
  return (low + high) / 2;
}

function spanOf(isOn: (t: number) => boolean): [number, number] {
  const on = Array.from({length: samples + 1}, (_, i) => i / samples).filter(isOn);
  if (on.length === 0) return [1, 0];
  const [first, last] = [on[0], on.at(-1)!];
  return [
    first === 0 ? 0 : boundary(isOn, first, first - 1 / samples),
    last === 1 ? 1 : boundary(isOn, last, last + 1 / samples),
  ];
}

/** The last place at which a condition holds, from one where it does towards one where it does not. */
function boundary(holds: (t: number) => boolean, from: number, to: number): number {
  let [yes, no] = [from, to];
  for (let i = 0; i < 40; i++) {
    const middle = (yes + no) / 2;
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** Places of equal cost, from one side of the plane to the other; none where the amount is nowhere spent. */
export function budgetLine(plane: Plane, budget: Budget, amount: number): Place[] {
  return placesOn(walkOf(plane, budget, amount)).flatMap(({place}) => place ?? []);
}

function placesOn({at, span: [first, last]}: Walk): {t: number; place: Place | null}[] {
  if (first > last) return [];
  return Array.from({length: samples + 1}, (_, i) => {
    const t = first + (i / samples) * (last - first);
    return {t, place: at(t)};
  });
}

export interface Optimum extends Place {
  readonly loss: number;
  /** Whether a better place may lie outside of the picture. */
  readonly isAtEdge: boolean;
}

/** The place of the lowest loss on a budget's line; null where the line or the law has none. */
export function optimumOnLine(plane: Plane, budget: Budget, amount: number): Optimum | null {
  const walk = walkOf(plane, budget, amount);
  const pointOn = pointMover(plane);
  const lossOn = (place: Place | null) => {
    const loss = place ? lossOf(plane.surface, pointOn(place.u, place.v)) : Number.NaN;
    return Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss;
  };
  const places = placesOn(walk);
  const losses = places.map(({place}) => lossOn(place));
  const best = losses.indexOf(Math.min(...losses));
  if (best < 0 || losses[best] === Number.POSITIVE_INFINITY) return null;
  const [from, to] = [places[Math.max(0, best - 1)].t, places[Math.min(samples, best + 1)].t];
  const t = goldenMinimum((t) => lossOn(walk.at(t)), from, to);
  const place = walk.at(t) ?? places[best].place!;
  const [first, last] = walk.span;
  const isAtEdge = t - first < 1e-6 || last - t < 1e-6;
  return {...place, loss: lossAtPlace(plane, place), isAtEdge};
}

const golden = (Math.sqrt(5) - 1) / 2;

/** Where a function with one minimum between two numbers has it, to about 1e-8. */
export function goldenMinimum(value: (t: number) => number, from: number, to: number): number {
  let [a, b] = [from, to];
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [atC, atD] = [value(c), value(d)];
  while (b - a > 1e-8) {
    if (atC <= atD) {
      [b, d, atD] = [d, c, atC];
      c = b - golden * (b - a);
      atC = value(c);
    } else {
      [a, c, atC] = [c, d, atD];
      d = a + golden * (b - a);
      atD = value(d);
    }
  }
  return (a + b) / 2;
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
