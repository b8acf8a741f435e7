import type {Choices} from "./page-state.js";
import {registerWidths} from "./register-sums.js";
import {parseSum, sumExamples} from "./sum-example.js";
import {sumUnits} from "./sum-units.js";

const [firstSum] = Object.values(sumExamples);

/** What the reader of the accumulators page can choose, and how it is first shown. */
export const accumulatorChoices = {
  data: {values: ["non-negative", "relu", "signed"], initial: "non-negative"},
  operands: {values: ["e4m3", "e5m2", "fp16", "bf16"], initial: "e4m3"},
  measure: {values: ["bias", "rms"], initial: "bias"},
  unit: {values: sumUnits.map(({racer}) => racer), initial: sumUnits[0].racer},
  sum: {
    values: Object.values(sumExamples),
    initial: firstSum,
    accepts: (text: string) => parseSum(text) !== undefined,
  },
  // Counted from 1; what lies beyond the last step is the last.
  step: {values: [], initial: "3", accepts: (text: string) => /^[1-9]\d?$/.test(text)},
  bits: {values: registerWidths, initial: "16"},
} satisfies Choices;

export type AccumulatorChoices = typeof accumulatorChoices;
