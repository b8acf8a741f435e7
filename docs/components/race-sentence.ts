import {errorText} from "./error-text.js";
import type {RaceRow} from "./race-row.js";
import {type RaceView, raceCurves} from "./race-view.js";

const dataTitles: Readonly<Record<string, string>> = {
  "non-negative": "non-negative numbers",
  relu: "activations after a ReLU times signed numbers",
  signed: "signed numbers",
};

/** What kind of numbers were multiplied. */
export const dataTitle = (data: string): string => dataTitles[data] ?? data;

/** What the chart of a race shows, in words. */
export function raceSentence(rows: readonly RaceRow[], {data, operands, measure}: RaceView): string {
  const curves = raceCurves(rows, {data, operands});
  const what = measure === "bias" ? "Mean error" : "Root mean square error";
  const k = curves[0].last.k.toLocaleString("en");
  const ends = curves.map(({style, last}) => `${style.title} ${errorText(last[measure])}`);
  return `${what} of sums of products of ${dataTitle(data)} in ${operandTitle(operands)}. At K = ${k}: ${ends.join("; ")}.`;
}

const operandTitles: Readonly<Record<string, string>> = {
  e4m3: "E4M3",
  e5m2: "E5M2 × E4M3",
  fp16: "FP16",
  bf16: "BF16",
};

/** What the formats of the factors are called. */
export const operandTitle = (operands: string): string => operandTitles[operands] ?? operands;
