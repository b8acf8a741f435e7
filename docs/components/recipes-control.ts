import {choiceControl} from "./choice-control.js";
import type {PageState} from "./page-state.js";
import {percentage} from "./percentage.js";
import {reference} from "./recipe-reference.js";
import {recipeTitle} from "./recipe-styles.js";
import type {RecipesChoices} from "./recipes-choices.js";
import {schemeTitle} from "./scheme-title.js";
import {selectControl} from "./select-control.js";
import {sliderControl} from "./slider-control.js";

/** What the choices of the page on recipes are called, and what their values are. */
const texts: Record<keyof RecipesChoices, {label: string; labelOf: (value: string) => string}> = {
  scheme: {label: "Scheme", labelOf: schemeTitle},
  a: {label: "Recipe", labelOf: recipeTitle},
  b: {label: "Against", labelOf: recipeTitle},
  curve: {
    label: "Show",
    labelOf: (value) => (value === "loss" ? "loss" : `loss above ${recipeTitle(reference)}`),
  },
  measure: {
    label: "Show",
    labelOf: (value) =>
      ({underflow: "to zero", overflow: "beyond the top", signal: "signal to noise", spread: "spread"})[
        value
      ]!,
  },
  compare: {
    label: "Compare",
    labelOf: (value) => ({spread: "spreads", lost: "what the casts lose"})[value]!,
  },
  threshold: {label: "Threshold", labelOf: (value) => percentage(Number(value))},
};

/** The control for a choice of the page on recipes, in one of its figures: a menu, a slider or radio buttons. */
export function recipesControl(
  state: PageState<RecipesChoices>,
  name: keyof RecipesChoices,
  {figure, document}: {figure: string; document: Document},
): HTMLElement {
  const {label, labelOf} = texts[name];
  if (name === "a" || name === "b") return selectControl(state, name, {label, labelOf, document});
  if (name === "threshold") return sliderControl(state, name, {label, labelOf, document});
  return choiceControl(state, name, {group: `${figure}-${name}`, legend: label, labelOf, document});
}
