import type {HealthMeasure} from "./health-row.js";
import type {Choices} from "./page-state.js";
import type {PartingMeasure} from "./partings.js";
import type {RecipeRuns} from "./recipe-runs.js";

export const healthMeasures: readonly HealthMeasure[] = ["underflow", "overflow", "signal", "spread"];
export const partingMeasures: readonly PartingMeasure[] = ["spread", "lost"];

/** Thresholds for a difference, as shares. */
export const thresholds = ["0.02", "0.05", "0.1", "0.2", "0.5", "1"] as const;

/** The schemes that the page can show, in its order. */
const knownSchemes = ["standard", "unit", "munit"];

/** What the reader of the page on recipes can choose: what is in the data, and how it is first shown. */
export function recipesChoices({runs}: RecipeRuns) {
  const recipes = [...new Set(runs.map(({recipe}) => recipe))];
  const present = new Set(runs.map(({scheme}) => scheme));
  const schemes = knownSchemes.filter((scheme) => present.has(scheme));
  return {
    scheme: {values: schemes, initial: schemes[0]},
    a: {values: recipes, initial: recipes.includes("fp8") ? "fp8" : recipes.at(-1)!},
    b: {values: recipes, initial: recipes.includes("fp32") ? "fp32" : recipes[0]},
    curve: {values: ["loss", "above"], initial: "loss"},
    measure: {values: healthMeasures, initial: "underflow"},
    compare: {values: partingMeasures, initial: "spread"},
    threshold: {values: thresholds, initial: "0.1"},
  } satisfies Choices;
}

export type RecipesChoices = ReturnType<typeof recipesChoices>;
