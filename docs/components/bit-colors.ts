import type {Palette} from "./palette.js";

/** Keys of the palette by bits, from few (warm) to many (cold); no rounding in ink. */
const colors: Readonly<Record<number, keyof Palette>> = {
  2: "sign",
  3: "backward",
  4: "scale",
  5: "exponent",
  6: "scaled",
  7: "chance",
  8: "forward",
};

export const bitColor = (bits: number): keyof Palette => colors[bits] ?? "ink";
