import type {VariableName} from "../src/laws/variables.js";
import {shortCount} from "./short-count.js";

/** A variable that a surface has an axis or a slider for; `bits` stands for all operands in the same number of bits. */
export type AxisName = Exclude<VariableName, "loss" | "postTrainingBits"> | "bits";

export interface Axis {
  readonly name: AxisName;
  readonly symbol: string;
  readonly title: string;
  readonly scale: "log" | "linear";
  /** Only whole numbers occur in practice; laws take any. */
  readonly integer: boolean;
  readonly range: readonly [number, number];
}

/** Values of variables by name; a variable without one is not rounded. */
export type AxisValues = Readonly<Partial<Record<AxisName, number>>>;

/** Where on the axis a value lies: 0 at its beginning, 1 at its end. */
export function shareOf({scale, range: [from, to]}: Axis, value: number): number {
  return scale === "log" ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

/** The value at a share of the axis. */
export function valueAt({scale, range: [from, to]}: Axis, share: number): number {
  return scale === "log" ? from * (to / from) ** share : from + share * (to - from);
}

/** A value as a control gives it: bits in tenths, counts with three digits, and not beyond the axis. */
export function roundedValue({scale, range: [from, to]}: Axis, value: number): number {
  const inside = Math.min(Math.max(value, from), to);
  return scale === "log" ? Number(inside.toPrecision(3)) : Math.round(inside * 10) / 10;
}

/** One step of a key from a value: to the next whole number of bits, or by a tenth; finely by tenths of that. */
export function steppedValue(
  axis: Axis,
  value: number,
  direction: 1 | -1,
  {fine = false}: {fine?: boolean} = {},
): number {
  if (axis.scale === "log") return roundedValue(axis, value * (1 + (fine ? 0.01 : 0.1)) ** direction);
  if (fine) return roundedValue(axis, value + 0.1 * direction);
  return roundedValue(axis, direction > 0 ? Math.floor(value + 1e-9) + 1 : Math.ceil(value - 1e-9) - 1);
}

/** "220M", "7", "6.5", "not rounded". */
export function valueText({scale}: Pick<Axis, "scale">, value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "not rounded";
  return scale === "log" ? shortCount(value) : String(Math.round(value * 10) / 10);
}

/** A value with what it is: "220M parameters", "6.5 bits for weights", "weights not rounded". */
export function spokenValue({name}: Axis, value: number): string {
  const [before, after] = words[name];
  if (value === Number.POSITIVE_INFINITY) return `${before || after} not rounded`.replace(/^in /, "");
  if (name === "parameters" || name === "tokens") return `${shortCount(value)} ${after}`;
  const text = String(Math.round(value * 10) / 10);
  return name === "blockSize" ? `blocks of ${shortCount(value)}` : `${text} ${after}`;
}

const words: Readonly<Record<AxisName, readonly [string, string]>> = {
  parameters: ["", "parameters"],
  tokens: ["", "tokens"],
  bits: ["operands", "bits"],
  weightBits: ["weights", "bits for weights"],
  activationBits: ["activations", "bits for activations"],
  cacheBits: ["keys and values", "bits for keys and values"],
  gradientBits: ["gradients", "bits for gradients"],
  exponentBits: ["exponents", "exponent bits"],
  mantissaBits: ["mantissas", "mantissa bits"],
  blockSize: ["", "elements that share a scale"],
};

/** Where an axis has its ticks: powers of ten and what fits between them, or whole numbers. */
export function axisTicks({scale, range: [from, to]}: Axis, most: number): number[] {
  if (scale === "linear") {
    const step = [1, 2, 5].find((size) => (to - from) / size <= most) ?? 10;
    return multiples(Math.ceil(from / step) * step, to, step);
  }
  const decades = Math.log10(to / from);
  const digits = [[1, 2, 5], [1, 3], [1]].find((list) => list.length * decades <= most) ?? [1];
  const powers = multiples(Math.floor(Math.log10(from)), Math.ceil(Math.log10(to)), 1);
  return powers
    .flatMap((power) => digits.map((digit) => digit * 10 ** power))
    .filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9));
}

const multiples = (from: number, to: number, step: number): number[] =>
  Array.from({length: Math.max(0, Math.floor((to - from) / step + 1e-9) + 1)}, (_, i) => from + i * step);
