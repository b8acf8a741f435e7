import {deviation, mean, median} from "npm:d3";
import type {Axis, AxisName, AxisValues} from "./surface-axis.js";

/** One training run, as laws see it: what is not rounded has Infinity bits. A row of loaders/law-rows.ts. */
export interface MeasuredRun extends Readonly<Record<Exclude<AxisName, "bits">, number>> {
  readonly run: string;
  readonly sweep: string;
  readonly corpus: string;
  readonly seed: number;
  readonly isTuned: boolean;
  /** Which operands are rounded in training; empty for none. */
  readonly operands: string;
  /** How its weights were rounded after training. */
  readonly method: string;
  /** Held out, nats per token. */
  readonly loss: number;
  /** Of the same run with nothing rounded. */
  readonly referenceLoss: number | null;
}

/** Runs that differ only in their seed. */
export interface MeasuredPoint {
  readonly values: AxisValues;
  readonly seeds: number;
  /** Mean loss, or mean rise over the runs in which nothing is rounded. */
  readonly value: number;
  /**
   * Two standard errors of that mean: by the spread of its own seeds, but not below the median spread of all points with
   * several. NaN where no point has several.
   */
  readonly error: number;
}

const names = [
  ...["parameters", "tokens", "weightBits", "activationBits", "cacheBits", "gradientBits"],
  ...["exponentBits", "mantissaBits", "blockSize"],
] as readonly Exclude<AxisName, "bits">[];

/** Tuned runs without rounding after training, gathered over their seeds; one that stands in several sweeps counts once. */
export function measuredPoints(runs: readonly MeasuredRun[], shown: "loss" | "rise"): MeasuredPoint[] {
  const groups = new Map<string, Map<string, MeasuredRun>>();
  for (const run of runs) {
    if (run.method !== "none" || !run.isTuned) continue;
    if (shown === "rise" && (run.referenceLoss === null || run.operands === "")) continue;
    const key = [run.corpus, run.operands, ...names.map((name) => run[name])].join(" ");
    const group = groups.get(key) ?? new Map<string, MeasuredRun>();
    groups.set(key, group.set(run.run, run));
  }
  const points = [...groups.values()].map((group) => {
    const found = [...group.values()];
    const values = found.map(({loss, referenceLoss}) => (shown === "loss" ? loss : loss - referenceLoss!));
    return {values: Object.fromEntries(names.map((name) => [name, found[0][name]])), found: values};
  });
  const usual = median(points.flatMap(({found}) => deviation(found) ?? [])) ?? Number.NaN;
  return points.map(({values, found}) => ({
    values,
    seeds: found.length,
    value: mean(found) ?? Number.NaN,
    error: (2 * Math.max(usual, deviation(found) ?? 0)) / Math.sqrt(found.length),
  }));
}

/** Counts this near each other count as equal: their ratio. */
const nearRatio = 1.3;
const nearBits = 0.5;

/** Block sizes count by their logarithm, to base two. */
const nearBlocks = 2;

/** Whether a measured value is the one that a control stands at, near enough to be shown with it. */
export function isNear(
  {name, scale}: Pick<Axis, "name" | "scale">,
  measured: number,
  wanted: number,
): boolean {
  if (measured === wanted) return true;
  const ratio = name === "blockSize" ? nearBlocks : nearRatio;
  if (scale === "log") return Math.max(measured / wanted, wanted / measured) <= ratio;
  return Math.abs(measured - wanted) <= nearBits;
}

/** The value that a run has on an axis; null where it has none, such as different bits for what an axis holds together. */
export function valueOn(values: AxisValues, name: AxisName): number | null {
  if (name !== "bits") return values[name] ?? null;
  const {weightBits, activationBits, cacheBits} = values;
  return weightBits !== undefined && weightBits === activationBits && weightBits === cacheBits
    ? weightBits
    : null;
}

/** The points that lie on a plane: near the values of all other axes, with a place on both of its own. */
export function pointsOnPlane(
  points: readonly MeasuredPoint[],
  {axes, x, y, values}: {axes: readonly Axis[]; x: Axis; y: Axis; values: AxisValues},
): MeasuredPoint[] {
  const held: readonly AxisName[] = ["weightBits", "activationBits", "cacheBits"];
  const together = [x.name, y.name].includes("bits");
  const others = axes.filter(
    ({name}) => name !== x.name && name !== y.name && name !== "bits" && !(together && held.includes(name)),
  );
  return points.filter(
    (point) =>
      isInside(x, valueOn(point.values, x.name)) &&
      isInside(y, valueOn(point.values, y.name)) &&
      others.every((axis) => {
        const measured = point.values[axis.name];
        const wanted = values[axis.name];
        return measured === undefined || wanted === undefined || isNear(axis, measured, wanted);
      }),
  );
}

const isInside = ({range: [from, to]}: Axis, value: number | null): boolean =>
  value !== null && value >= from && value <= to;
