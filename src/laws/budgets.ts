import {storedBits, trainingBits} from "./bits.js";
import {inputsOf, type Law} from "./law.js";
import {minimise} from "./solve.js";
import {type Point, type VariableName, variables} from "./variables.js";

/**
 * compute: (6/16)·N·D·P, FLOPs of 16 bits. memory: N·P/8, bytes of the weights. inference: N·P, bits read for a token.
 * work: N·P, bits multiplied for a token. P is that of the products for compute and work, that of stored weights for the
 * others; scales of blocks are not counted.
 */
export type BudgetKind = "compute" | "memory" | "inference" | "work";

export interface Budget {
  readonly kind: BudgetKind;
  readonly amount: number;
}

/** Of C = k·N·D·P: 6 FLOPs for a parameter and token at 16 bits (Kumar et al. section 4.3, Sun et al. section 4). */
export const computeFactor = 6 / 16;

/** Of C = k·N·P for each token that a model reads or writes after training: 2 FLOPs for a parameter at 16 bits. */
export const inferenceFactor = 2 / 16;

/** Bytes of so many weights of so many bits. */
export const weightBytes = (parameters: number, bits: number): number => (parameters * bits) / 8;

/** What training or serving at `point` costs; NaN where the point lacks N or, for compute, D. */
export function costOf(kind: BudgetKind, law: Law, point: Point): number {
  const {parameters = Number.NaN, tokens = Number.NaN} = point;
  if (kind === "compute") return computeFactor * parameters * tokens * trainingBits(law, point);
  if (kind === "work") return parameters * trainingBits(law, point);
  const bits = storedBits(law, point);
  return kind === "memory" ? weightBytes(parameters, bits) : parameters * bits;
}

/** The tokens that a budget of compute leaves for the parameters and bits of `point`. */
export const tokensFor = (compute: number, law: Law, point: Point): number =>
  compute / (computeFactor * (point.parameters ?? Number.NaN) * trainingBits(law, point));

export interface AxisRange {
  readonly variable: VariableName;
  readonly from: number;
  readonly to: number;
}

export interface BudgetQuestion {
  readonly x: AxisRange;
  readonly y: AxisRange;
  /** The other variables; what it leaves out is not rounded. */
  readonly rest: Point;
  readonly budget: Budget;
}

export interface BudgetPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * The points of the rectangle of `x` and `y` that cost what the budget has, `count` of them from one end to the other;
 * none if there are none, or if neither axis changes the cost.
 */
export function budgetLine(law: Law, question: BudgetQuestion, count = 101): BudgetPoint[] {
  const line = lineOf(law, question);
  return line ? Array.from({length: count}, (_, i) => line(i / (count - 1))) : [];
}

/**
 * The point of the budget line with the smallest loss inside the rectangle, or undefined if no point of it has a loss.
 * @param constants in the law's order
 */
export function optimumAlongBudget(
  law: Law,
  constants: ArrayLike<number>,
  question: BudgetQuestion,
): (BudgetPoint & {readonly loss: number}) | undefined {
  const line = lineOf(law, question);
  if (!line) return;
  const {x, y, rest} = question;
  const inputs = inputsOf(law, {...rest, [x.variable]: x.from, [y.variable]: y.from});
  const [ofX, ofY] = [law.variables.indexOf(x.variable), law.variables.indexOf(y.variable)];
  const lossAlong = (t: number) => {
    const at = line(t);
    if (ofX >= 0) inputs[ofX] = at.x;
    if (ofY >= 0) inputs[ofY] = at.y;
    return law.evaluate(constants, inputs);
  };
  const {at, value} = minimise(lossAlong, 0, 1);
  return Number.isNaN(at) ? undefined : {...line(at), loss: value};
}

/** The budget line in the rectangle of a question; undefined where there is none. */
const lineOf = (law: Law, {x, y, rest, budget}: BudgetQuestion): BudgetLine | undefined =>
  equalCostLine((ofX, ofY) => costOf(budget.kind, law, {...rest, [x.variable]: ofX, [y.variable]: ofY}), {
    ...{x: sideOf(x), y: sideOf(y), amount: budget.amount},
  });

const sideOf = ({variable, from, to}: AxisRange): Side => ({from, to, scale: variables[variable].scale});

/** A side of the rectangle in which a budget is spent. */
interface Side {
  readonly from: number;
  readonly to: number;
  readonly scale: "log" | "linear";
}

/** The points of a line, from 0 at one of its ends to 1 at the other. */
export type BudgetLine = (t: number) => BudgetPoint;

/**
 * The points of the rectangle at which `cost` is the amount, as a function of 0 to 1, evenly on the scale of the side that
 * it runs along; undefined where there are none. The cost is affine in either variable, and falls with neither.
 */
export function equalCostLine(
  cost: (x: number, y: number) => number,
  {x, y, amount}: {readonly x: Side; readonly y: Side; readonly amount: number},
): BudgetLine | undefined {
  const yFor = (ofX: number) => solveAffine((ofY) => cost(ofX, ofY), amount);
  const xFor = (ofY: number) => solveAffine((ofX) => cost(ofX, ofY), amount);
  const along = lineAlong(x, y, yFor, xFor);
  if (along) {
    return (t) => {
      const [x, y] = along(t);
      return {x, y};
    };
  }
  const across = lineAlong(y, x, xFor, yFor);
  return (
    across &&
    ((t) => {
      const [y, x] = across(t);
      return {x, y};
    })
  );
}

/** Runs along side `a`, where `b` follows; undefined where no `b` does. */
function lineAlong(
  a: Side,
  b: Side,
  bFor: (a: number) => number,
  aFor: (b: number) => number,
): ((t: number) => readonly [number, number]) | undefined {
  // The cost rises with both, so that the ends of b bound a; NaN, where a changes nothing, bounds nothing.
  const from = Math.max(a.from, orElse(aFor(b.to), a.from));
  const to = Math.min(a.to, orElse(aFor(b.from), a.to));
  const slack = 1e-9 * (b.to - b.from);
  const isInside = (value: number) => value >= b.from - slack && value <= b.to + slack;
  if (!(from <= to) || !isInside(bFor(from)) || !isInside(bFor(to))) return;
  return (t) => {
    const at = a.scale === "log" ? from * (to / from) ** t : from + (to - from) * t;
    return [at, Math.min(b.to, Math.max(b.from, bFor(at)))];
  };
}

const orElse = (value: number, other: number): number => (Number.isNaN(value) ? other : value);

/** Where an affine function has the value; NaN where it is constant. */
function solveAffine(f: (x: number) => number, value: number): number {
  const [atOne, atTwo] = [f(1), f(2)];
  const slope = atTwo - atOne;
  return slope === 0 ? Number.NaN : 1 + (value - atOne) / slope;
}
