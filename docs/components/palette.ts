/**
 * Colours by meaning, the same on every page: forward values are blue, backward values orange, and the recipes have
 * hues of their own. So have the fields of a number: sign, exponent and mantissa, and the scale of a block. Each colour
 * carries text on the background, and the background on it, at a contrast of at least 4.5.
 */
export interface Palette {
  readonly background: string;
  readonly ink: string;
  /** Secondary text. */
  readonly muted: string;
  /** Lines that must be seen but not read. */
  readonly rule: string;
  readonly forward: string;
  readonly backward: string;
  readonly fp32: string;
  readonly fp8: string;
  readonly scaled: string;
  readonly sign: string;
  readonly exponent: string;
  readonly mantissa: string;
  /** The factor that a block of numbers shares. */
  readonly scale: string;
  /** What is drawn at random, and the number that it is drawn for. */
  readonly chance: string;
  /** The second of two runs that are compared; the first is drawn in ink. */
  readonly second: string;
}

export const lightPalette: Palette = {
  background: "#ffffff",
  ink: "#1b1e23",
  muted: "#5d626b",
  rule: "#b9bdc4",
  forward: "#1f5fc4",
  backward: "#b54a00",
  fp32: "#1b1e23",
  fp8: "#a8226f",
  scaled: "#0b7268",
  sign: "#b3202c",
  exponent: "#2f7413",
  mantissa: "#6a3cc0",
  scale: "#7a5f00",
  chance: "#006d94",
  second: "#8b2fc9",
};

export const darkPalette: Palette = {
  background: "#16181c",
  ink: "#e4e4dd",
  muted: "#a3a7ae",
  rule: "#565b64",
  forward: "#7fb0ff",
  backward: "#ff9f55",
  fp32: "#e4e4dd",
  fp8: "#ff86c3",
  scaled: "#4fd0bf",
  sign: "#ff918c",
  exponent: "#93d66c",
  mantissa: "#c2a8ff",
  scale: "#e6c04c",
  chance: "#5cc3ec",
  second: "#d59bff",
};

/** The custom properties of the style sheet, which follow the reader's colour scheme. */
export const pagePalette: Palette = {
  background: "var(--theme-background)",
  ink: "var(--theme-foreground)",
  muted: "var(--theme-foreground-muted)",
  rule: "var(--bitscape-rule)",
  forward: "var(--bitscape-forward)",
  backward: "var(--bitscape-backward)",
  fp32: "var(--theme-foreground)",
  fp8: "var(--bitscape-fp8)",
  scaled: "var(--bitscape-scaled)",
  sign: "var(--bitscape-sign)",
  exponent: "var(--bitscape-exponent)",
  mantissa: "var(--bitscape-mantissa)",
  scale: "var(--bitscape-scale)",
  chance: "var(--bitscape-chance)",
  second: "var(--bitscape-second)",
};
