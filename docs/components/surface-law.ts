import type {Law} from "../src/laws/law.js";
import {type Point, type VariableName, variables} from "../src/laws/variables.js";
import type {MeasuredRun} from "./measured-runs.js";
import type {Axis, AxisName, AxisValues} from "./surface-axis.js";

/** A law with constants, and all that a surface of it needs to know. */
export interface SurfaceLaw {
  /** Stands in addresses. */
  readonly key: string;
  readonly title: string;
  /** The title in running text. */
  readonly name: string;
  readonly law: Law;
  /** In the law's order. */
  readonly constants: Float64Array;
  /** Laws of one scale can be compared; one of ours never with a published one. */
  readonly scale: "published" | "ours";
  /** What there is an axis and a slider for. */
  readonly axes: readonly Axis[];
  /** Where the constants were fitted. */
  readonly domain: Readonly<Partial<Record<AxisName, readonly [number, number]>>>;
  /** The values that are shown first. */
  readonly start: AxisValues;
  /** Variables of the law without an axis, for one that was fitted at a single size. */
  readonly held?: AxisValues;
  /** What a number of bits for everything means for each operand. */
  readonly together?: (bits: number) => Point;
  /** Which runs belong to it, for a law of ours. */
  readonly runsOf?: (run: MeasuredRun) => boolean;
  /** What a reader should know of it. */
  readonly note: string;
}

/** Variables that say how coarsely something is rounded. */
const roundingNames = [
  ...["weightBits", "activationBits", "cacheBits", "gradientBits"],
  ...["exponentBits", "mantissaBits", "blockSize", "postTrainingBits"],
] as readonly VariableName[];

export const axisOf = ({axes}: SurfaceLaw, name: AxisName): Axis | undefined =>
  axes.find((axis) => axis.name === name);

/** What one value of an axis gives the law's variables. */
export const assigned = ({together}: SurfaceLaw, name: AxisName, value: number): Point =>
  name === "bits" ? (together?.(value) ?? {}) : {[name]: value};

/** The law's own variables at values of axes; `bits`, if it is among them, holds for all operands. */
export function pointOf(surface: SurfaceLaw, {bits, ...values}: AxisValues): Point {
  return bits === undefined ? values : {...values, ...surface.together?.(bits)};
}

/** Loss in nats per token; NaN where the form has no value. */
export function lossOf(surface: SurfaceLaw, point: Point): number {
  const {law, constants} = surface;
  const inputs = law.variables.map((name) => point[name] ?? variables[name].without ?? Number.NaN);
  return law.evaluate(constants, inputs);
}

/** The point with nothing rounded. */
export const unrounded = (point: Point): Point =>
  Object.fromEntries(Object.entries(point).filter(([name]) => !roundingNames.includes(name as VariableName)));

/** Axes of the point whose values lie outside the range in which the constants were fitted. */
export function outsideRange({axes, domain}: SurfaceLaw, values: AxisValues): Axis[] {
  return axes.filter(({name}) => {
    const value = values[name];
    const [from, to] = domain[name] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    return value !== undefined && !isWithout(name, value) && !(value >= from && value <= to);
  });
}

/** Runs that round nothing are in BF16, of 16 bits, and belong to every fit. */
const isWithout = (name: AxisName, value: number): boolean =>
  name === "bits" || variables[name].without === Number.POSITIVE_INFINITY
    ? value >= 16
    : value === variables[name].without;
