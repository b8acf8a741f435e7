import type {Choices} from "./page-state.js";

/** What the reader of the accumulators page can choose, and how it is first shown. */
export const accumulatorChoices = {
  data: {values: ["non-negative", "relu", "signed"], initial: "non-negative"},
  operands: {values: ["e4m3", "e5m2", "fp16", "bf16"], initial: "e4m3"},
  measure: {values: ["bias", "rms"], initial: "bias"},
} as const satisfies Choices;

export type AccumulatorChoices = typeof accumulatorChoices;
