import type {Choices} from "./page-state.js";

/** Scalings that the pictures offer, by their text, as `bitscape cast --scale` reads it. */
export const shownScalings: Readonly<Record<string, {readonly label: string; readonly group: string}>> = {
  tensor: {label: "tensor", group: "the whole matrix, float32"},
  row: {label: "row", group: "each row, float32"},
  mx: {label: "MX", group: "32 in a row, E8M0"},
  nvfp4: {label: "NVFP4", group: "16 in a row, E4M3; the matrix, float32"},
  "nvfp4,2d": {label: "NVFP4 16×16", group: "16 × 16, E4M3; the matrix, float32"},
};

/** Element formats by name, and what readers call them. */
export const shownElements: Readonly<Record<string, string>> = {
  e4m3fn: "E4M3",
  e5m2: "E5M2",
  e3m2: "E3M2",
  e2m3: "E2M3",
  e2m1: "E2M1",
  int8: "INT8",
  int4: "INT4",
};

export const shownData: Readonly<Record<string, string>> = {
  outliers: "weights with outliers",
  plain: "weights without",
  night: "a picture",
  own: "your picture",
};

/** Positions in a binade at which the maximum of a block can be set. */
export const binadeSteps = 64;

const below = (limit: number) => (value: string) => /^\d+$/.test(value) && Number(value) < limit;

/** What the reader of the page on blocks can choose. */
export const blockChoices = {
  data: {values: Object.keys(shownData), initial: "outliers"},
  scale: {values: Object.keys(shownScalings), initial: "tensor"},
  element: {values: Object.keys(shownElements), initial: "e2m1"},
  /** The element whose block is looked into. */
  row: {values: [], initial: "20", accepts: below(1024)},
  column: {values: [], initial: "33", accepts: below(1024)},
  /** The element format of the scale rules, and where the maximum is: 1 + max/64 times a power of two. */
  rules: {values: ["e2m1", "e3m2", "e2m3", "e4m3fn", "e5m2"], initial: "e2m1"},
  max: {values: Array.from({length: binadeSteps}, (_, i) => String(i)), initial: "44"},
  scales: {values: ["e8m0", "rceil", "fp32", "nvfp4", "four-over-six"], initial: "e8m0"},
  hadamard: {values: ["off", "on"], initial: "off"},
} satisfies Choices;

export type BlockChoices = typeof blockChoices;
