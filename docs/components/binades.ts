import {valueTable} from "../src/formats/decode.js";
import {formatProperties} from "../src/formats/derived.js";
import type {Format} from "../src/formats/format.js";
import {binaryExponent} from "../src/formats/power-of-two.js";

/** The positive values of a format from 2^exponent up to the next power of two. */
export interface Binade {
  readonly format: string;
  readonly exponent: number;
  /** How many values there are. */
  readonly count: number;
  /** Distance of neighbours, 2^spacing; null in a table of values, where it varies. */
  readonly spacing: number | null;
  /** Whether these are subnormal values. */
  readonly isSubnormal: boolean;
}

/** The binades that hold values of a format, in ascending order. */
export function binadesOf(format: Format): Binade[] {
  if (format.kind === "codebook") return countedBinades(format.name, valueTable(format));
  const {smallest, largest} = formatProperties(format);
  const [mantissaBits, minimumExponent] =
    format.kind === "integer"
      ? [0, Number.POSITIVE_INFINITY]
      : [format.mantissaBits, format.subnormals ? 1 - format.bias : -format.bias];
  const top = binaryExponent(largest);
  const fixedSpacing = format.kind === "integer" ? -format.fractionBits : minimumExponent - mantissaBits;
  const binades: Binade[] = [];
  for (let exponent = exponentOf(smallest); exponent <= top; exponent++) {
    const spacing = exponent < minimumExponent ? fixedSpacing : exponent - mantissaBits;
    const count =
      exponent < top
        ? 2 ** (exponent - spacing)
        : (largest / 2 ** exponent - 1) * 2 ** (exponent - spacing) + 1;
    const isSubnormal = format.kind === "float" && format.subnormals && exponent < minimumExponent;
    binades.push({format: format.name, exponent, count, spacing, isSubnormal});
  }
  return binades;
}

/** floor(log2 x), also for x below the normal doubles. */
const exponentOf = (x: number): number =>
  x < 2 ** -1022 ? binaryExponent(x * 2 ** 200) - 200 : binaryExponent(x);

function countedBinades(format: string, values: Iterable<number>): Binade[] {
  const counts = new Map<number, number>();
  for (const value of values) {
    if (value > 0) counts.set(exponentOf(value), (counts.get(exponentOf(value)) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([exponent, count]) => ({format, exponent, count, spacing: null, isSubnormal: false}));
}

/** How many positive values two formats share. Binary grids are nested, so in each binade the coarser one decides. */
export function sharedCount(one: readonly Binade[], other: readonly Binade[]): number {
  const twins = new Map(other.map((binade) => [binade.exponent, binade]));
  let shared = 0;
  for (const {exponent, count, spacing} of one) {
    const twin = twins.get(exponent);
    if (!twin || spacing === null || twin.spacing === null) continue;
    const last = Math.min(
      (count - 1) * 2 ** (spacing - exponent),
      (twin.count - 1) * 2 ** (twin.spacing - exponent),
    );
    shared += Math.floor(last / 2 ** (Math.max(spacing, twin.spacing) - exponent)) + 1;
  }
  return shared;
}
