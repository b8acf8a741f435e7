import {type CriticalRow, overtrainedModels, roundedModels} from "./critical-rows.js";
import {isListOf, listValues} from "./toggle-control.js";

/** Sizes of the sliders: those of known models, among them all that the two papers trained. */
const publishedSizes = [30e6, 60e6, 110e6, 220e6, 440e6, 1e9, 1.7e9, 3e9, 8e9, 15e9, 30e9, 70e9] as const;

/** Formats with a sign, by the bits of exponent and mantissa. */
export const trainingFormats = {
  E1M1: {exponentBits: 1, mantissaBits: 1, color: "backward"},
  E1M2: {exponentBits: 1, mantissaBits: 2, color: "sign"},
  E2M1: {exponentBits: 2, mantissaBits: 1, color: "scale"},
  E3M2: {exponentBits: 3, mantissaBits: 2, color: "exponent"},
  E4M3: {exponentBits: 4, mantissaBits: 3, color: "scaled"},
  E5M2: {exponentBits: 5, mantissaBits: 2, color: "second"},
  E8M7: {exponentBits: 8, mantissaBits: 7, color: "forward"},
} as const;

export type TrainingFormat = keyof typeof trainingFormats;

export const formatList = Object.keys(trainingFormats) as TrainingFormat[];

/** The formats of a choice, as the state keeps it. */
export const chosenFormats = (text: string) => listValues(text) as TrainingFormat[];

/** Elements that share a scale; `channel` counts as the published 2^13.1567. */
const blockSizes = ["16", "32", "64", "128", "512", "channel"] as const;

/** Ends of the explorer's axes. */
export const explorerRange = {parameters: [1e7, 1e12], tokens: [1e8, 1e16]} as const;

/** What the reader of the page on critical data can choose. */
export function criticalChoices(rows: readonly CriticalRow[]) {
  const rounded = roundedModels(rows).map(String);
  const trained = overtrainedModels(rows).map(String);
  const sizes = publishedSizes.map(String);
  return {
    model: {values: rounded, initial: mostText(rows, rounded)},
    method: {values: ["nearest", "gptq"], initial: "nearest"},
    size: {values: sizes, initial: sizes[0]},
    trainingSize: {values: sizes, initial: "1000000000"},
    block: {values: blockSizes, initial: "128"},
    formats: {
      values: [],
      initial: "E1M1,E2M1,E3M2,E4M3",
      accepts: (text: string) => isListOf(formatList, text),
    },
    trained: {values: trained, initial: trained[0] ?? ""},
    rates: {values: ["tuned", "own"], initial: "tuned"},
    law: {values: ["after", "in"], initial: "after"},
    parameters: {values: [], initial: "8000000000", accepts: isWithin(explorerRange.parameters)},
    tokens: {values: [], initial: "1000000000000", accepts: isWithin(explorerRange.tokens)},
  } as const;
}

export type CriticalChoices = ReturnType<typeof criticalChoices>;

const isWithin =
  ([low, high]: readonly [number, number]) =>
  (text: string): boolean =>
    /^\d+(\.\d+)?(e\d+)?$/.test(text) && Number(text) >= low && Number(text) <= high;

/** The model with the most amounts of text; of several, the largest. */
function mostText(rows: readonly CriticalRow[], models: readonly string[]): string {
  const amounts = (model: string) =>
    new Set(
      rows
        .filter(({parameters, method}) => String(parameters) === model && method !== "none")
        .map(({tokens}) => tokens),
    ).size;
  return models.reduce((best, model) => (amounts(model) >= amounts(best) ? model : best), models[0] ?? "");
}
