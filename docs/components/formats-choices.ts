import {parseFormat} from "../src/formats/parse.js";
import {presets} from "../src/formats/preset.js";
import {isStochastic, type RoundingMode, roundings} from "../src/formats/rounding.js";
import type {Choices, PageState} from "./page-state.js";
import {typedValue} from "./typed-value.js";

const deterministic = (Object.keys(roundings) as RoundingMode[]).filter((mode) => !isStochastic(mode));

const none: readonly string[] = [];

/** What the reader of the formats page can choose, and how it is first shown. */
export const formatsChoices = {
  format: {values: none, initial: "e4m3fn", accepts: doesNotThrow(parseFormat)},
  value: {values: none, initial: "0.1", accepts: doesNotThrow(typedValue)},
  rounding: {values: deterministic, initial: "nearest-even"},
  policy: {values: Object.keys(presets), initial: "default"},
  versus: {values: ["none"], initial: "e5m2", accepts: doesNotThrow(parseFormat)},
  scale: {values: ["binades", "linear"], initial: "binades"},
} satisfies Choices;

export type FormatsChoices = typeof formatsChoices;
export type FormatsState = PageState<FormatsChoices>;

function doesNotThrow(parse: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      parse(text);
      return true;
    } catch {
      return false;
    }
  };
}
