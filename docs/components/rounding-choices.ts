import {formatProperties} from "../src/formats/derived.js";
import type {Format} from "../src/formats/format.js";
import {parseFormat} from "../src/formats/parse.js";
import type {NoiseRow} from "./noise-row.js";
import type {Choices} from "./page-state.js";
import {isListOf} from "./toggle-control.js";

/** Random bits that the figures offer. */
const randomBits = ["1", "2", "4", "8", "32"];

/** What the reader of the page on rounding can choose, and how it is first shown. */
export function roundingChoices(noise: readonly NoiseRow[]) {
  const formats = [...new Set(noise.map(({format}) => format))];
  return {
    format: {values: [], initial: "e4m3fn", accepts: isRoundable},
    value: {values: [], initial: "1.1", accepts: isFiniteNumber},
    bits: {values: randomBits, initial: "4"},
    sum: {values: ["bf16", "fp16", "e5m2", "e4m3fn"], initial: "bf16"},
    add: {values: ["random", "0.001", "1"], initial: "random"},
    count: {values: ["1000", "10000"], initial: "10000"},
    random: {values: randomBits, initial: "32"},
    form: {values: ["a", "b", "c"], initial: "c"},
    seed: {values: [], initial: "1", accepts: isSeed},
    noise: {values: ["nearest-even", "stochastic"], initial: "nearest-even"},
    formats: {values: [], initial: "fp16,e4m3fn,e5m2", accepts: (text) => isListOf(formats, text)},
  } satisfies Choices;
}

export type RoundingChoices = ReturnType<typeof roundingChoices>;

/** Formats with at most 24 significant bits: numbers between their values are still doubles. */
export function canRound(format: Format): boolean {
  return (
    format.kind !== "float" || (format.mantissaBits <= 23 && formatProperties(format).smallest >= 2 ** -1000)
  );
}

function isRoundable(name: string): boolean {
  try {
    return canRound(parseFormat(name));
  } catch {
    return false;
  }
}

const isFiniteNumber = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));

/** Seeds are unsigned words. */
export function isSeed(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32;
}
