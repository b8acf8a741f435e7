import type {Palette} from "./palette.js";
import type {SweepAxis} from "./sweep-axes.js";
import type {SweepRun} from "./sweep-run.js";

/** Colours that are told apart, in the order in which they are given to words. */
const hues = ["chance", "backward", "scaled", "fp8", "scale", "mantissa", "exponent", "sign"] as const;

/** The colour of each value of an axis: hues of their own for up to eight words, else shades from cold to warm. */
export function valueColors({values, isNumeric}: SweepAxis, palette: Palette): string[] {
  if (!isNumeric && values.length <= hues.length) return values.map((_, i) => palette[hues[i]]);
  return values.map((_, i) =>
    mixed(palette.chance, palette.backward, values.length > 1 ? i / (values.length - 1) : 0),
  );
}

/** The colour of a run by its value on an axis. */
export function runColor(axis: SweepAxis | undefined, palette: Palette): (run: SweepRun) => string {
  if (!axis) return () => palette.ink;
  const colors = new Map(valueColors(axis, palette).map((color, i) => [axis.values[i], color]));
  return (run) => colors.get(axis.textOf(run)) ?? palette.ink;
}

/** A colour between two: computed where both are written as #rrggbb, else left to the browser. */
function mixed(from: string, to: string, share: number): string {
  if (share === 0) return from;
  if (share === 1) return to;
  if (!from.startsWith("#")) return `color-mix(in srgb, ${from}, ${to} ${Math.round(share * 100)}%)`;
  const parts = [1, 3, 5].map((at) => {
    const [low, high] = [from, to].map((color) => Number.parseInt(color.slice(at, at + 2), 16));
    return Math.round(low + (high - low) * share)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}
