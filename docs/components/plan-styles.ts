import type {Palette} from "./palette.js";

const hues = [
  "forward",
  "second",
  "backward",
  "scaled",
  "muted",
] as const satisfies readonly (keyof Palette)[];
const ownHues = ["fp8", "exponent", "scale", "sign", "chance"] as const satisfies readonly (keyof Palette)[];

/** The colour of each law, by its place among the published laws or among ours. */
export function planColor(
  {title, origin}: {readonly title: string; readonly origin: "published" | "own"},
  laws: readonly {readonly title: string; readonly origin: "published" | "own"}[],
  palette: Palette,
): string {
  const alike = laws.filter((law) => law.origin === origin);
  const place = alike.findIndex((law) => law.title === title);
  const names = origin === "own" ? ownHues : hues;
  return palette[names[place % names.length]];
}
