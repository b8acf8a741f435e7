import {castValue} from "../src/formats/cast.js";
import {formatProperties} from "../src/formats/derived.js";
import type {Format} from "../src/formats/format.js";
import {presets} from "../src/formats/preset.js";

/** Where a number lies among the values of a format. */
export interface Neighbours {
  readonly x: number;
  /** The values around it. A value of the format itself is the lower one, unless nothing lies above it. */
  readonly lower: number;
  readonly upper: number;
  /** Distance from the lower one, as a share of the gap: 0 to 1, or beyond where the format ends. */
  readonly share: number;
  readonly isExact: boolean;
  readonly isTie: boolean;
  /** Which end of the format it lies beyond. The neighbour out there is the next value of a longer format. */
  readonly beyond?: "largest" | "lowest";
}

/** The neighbours of any finite number. */
export function neighbours(x: number, format: Format): Neighbours {
  const {largest, lowest} = formatProperties(format);
  if (x > largest) return between(x, largest, 2 * largest - nextBelow(largest, format), "largest");
  if (x < lowest) return between(x, 2 * lowest - nextAbove(lowest, format), lowest, "lowest");
  const lower = directed(x, format, "down");
  const upper = directed(x, format, "up");
  if (lower < upper) return between(x, lower, upper);
  return lower === largest
    ? between(x, nextBelow(largest, format), largest)
    : between(x, lower, nextAbove(lower, format));
}

/** The value of the format after one of its values; the largest one has none and is returned. */
export const nextAbove = (value: number, format: Format): number =>
  directed(value + nudge(value, format), format, "up");

/** The value of the format before one of its values; the lowest one has none and is returned. */
export const nextBelow = (value: number, format: Format): number =>
  directed(value - nudge(value, format), format, "down");

function directed(x: number, format: Format, rounding: "up" | "down"): number {
  const {largest, lowest} = formatProperties(format);
  const value = castValue(x, format, {rounding, policy: presets["ocp-saturate"].policy});
  return Math.min(Math.max(value, lowest), largest) + 0; // and -0 is 0
}

/** Less than the gap beside any value, and enough to leave it. */
function nudge(value: number, format: Format): number {
  const {smallest} = formatProperties(format);
  return Math.max(Math.abs(value), smallest) * 2 ** -40;
}

function between(x: number, lower: number, upper: number, beyond?: "largest" | "lowest"): Neighbours {
  const share = (x - lower) / (upper - lower);
  const isExact = !beyond && (x === lower || x === upper);
  return {x: x + 0, lower, upper, share, isExact, isTie: x - lower === upper - x, beyond};
}
