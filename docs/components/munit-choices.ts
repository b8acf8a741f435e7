import type {Choices} from "./page-state.js";

/** What the reader of the page on µnit scaling can choose. */
export const munitChoices = {
  recipe: {values: ["fp32", "fp8"], initial: "fp32"},
  format: {values: ["e4m3fn", "e5m2"], initial: "e4m3fn"},
} satisfies Choices;

export type MunitChoices = typeof munitChoices;
