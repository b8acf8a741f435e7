import type {SettingField, SettingTexts} from "../src/training/settings-form.js";
import {isRecipePart} from "./lab-fields.js";
import type {Choices, PageState, StateOf} from "./page-state.js";

/** The two runs that the lab holds. */
export type RunName = "a" | "b";

/** The name under which the state keeps a setting of run B; its value is empty where it is that of run A. */
export const inB = (key: string): string => `b.${key}`;

/** Choices of the page: every setting of run A by its key and of run B by `b.` and its key, and what is shown. */
export function labChoices(fields: readonly SettingField[], {a, b}: {a: SettingTexts; b: SettingTexts}) {
  const settings: Record<string, Choices[string]> = {};
  for (const {key, values, initial} of fields) {
    // What makes no sense is kept as well: the form says why.
    const accepts = (text: string) => text.length <= longestText && (values.length === 0 || text === "");
    settings[key] = {values, initial: a[key] ?? initial, accepts};
    settings[inB(key)] = {values, initial: b[key] ?? "", accepts};
  }
  return {
    ...settings,
    compare: {values: ["yes", "no"], initial: "yes"},
    at: {values: ["latest"], initial: "latest", accepts: (text: string) => /^\d{1,8}$/.test(text)},
    tensor: {
      values: ["activation", "weight", "activation gradient", "weight gradient"],
      initial: "activation gradient",
    },
    cast: {values: ["recipe", "e4m3fn", "e5m2", "fp16"], initial: "recipe"},
    format: {values: ["e4m3fn", "e5m2", "fp16"], initial: "e4m3fn"},
  };
}

/** Characters of a setting at most, so that an address stays one. */
export const longestText = 300;

export type LabChoices = ReturnType<typeof labChoices>;
export type LabState = PageState<LabChoices & Choices>;

/** The settings of a run, as texts. */
export function runTexts(
  state: StateOf<Choices>,
  fields: readonly SettingField[],
  run: RunName,
): Record<string, string> {
  return Object.fromEntries(fields.map(({key}) => [key, (run === "b" && state[inB(key)]) || state[key]]));
}

/** The changes that make a run's recipe what its name says: settings that replaced parts of the one before it go. */
export function recipeChanges(state: StateOf<Choices>, run: RunName, recipe: string): Record<string, string> {
  const parts = Object.keys(state).filter(isRecipePart);
  if (run === "a") return {recipe, ...Object.fromEntries(parts.map((key) => [key, ownCast]))};
  // Where run A has its recipe's own cast, run B needs no words to have that of its own.
  const inRunB = (key: string) => (recipe === "" || state[key] === ownCast ? "" : ownCast);
  return {
    [inB("recipe")]: recipe,
    ...Object.fromEntries(parts.map((key) => [inB(key), inRunB(key)])),
  };
}

/** What a setting says that leaves the recipe's cast. */
const ownCast = "recipe";

/** The changes that bring two runs into the state; of run B only what differs from run A. */
export function settingChanges(
  fields: readonly SettingField[],
  {a, b}: {a: SettingTexts; b: SettingTexts},
): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({key, initial}) => [
      [key, a[key] ?? initial],
      [inB(key), b[key] ?? ""],
    ]),
  );
}
