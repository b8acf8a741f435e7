import {choiceControl} from "./choice-control.js";
import {formatRange} from "./format-range.js";
import type {PageState} from "./page-state.js";
import {recipeTitle} from "./recipe-styles.js";
import {schemeTitle} from "./scheme-title.js";
import {tensorStyles} from "./tensor-styles.js";
import type {UnitScalingChoices} from "./unit-scaling-choices.js";

/** What the choices of the unit scaling page are called, and what their values are. */
const texts: Record<
  Exclude<keyof UnitScalingChoices, "layer" | "width" | "op" | "step">,
  {legend: string; labelOf: (value: string) => string}
> = {
  stage: {legend: "Time", labelOf: (value) => (value === "initial" ? "initialization" : "after training")},
  recipe: {legend: "Trained in", labelOf: recipeTitle},
  scheme: {legend: "Scheme", labelOf: (value) => (value === "both" ? "both" : schemeTitle(value))},
  format: {legend: "Format", labelOf: (value) => formatRange(value).label},
  precision: {legend: "Precision", labelOf: (value) => value.toUpperCase()},
  tensor: {
    legend: "Tensor",
    labelOf: (value) => tensorStyles.find(({tensor}) => tensor === value)!.plural,
  },
};

/** Radio buttons for a choice of the unit scaling page, in one of its figures. */
export function unitScalingControl(
  state: PageState<UnitScalingChoices>,
  name: keyof typeof texts,
  {figure, document}: {figure: string; document: Document},
): HTMLFieldSetElement {
  return choiceControl(state, name, {group: `${figure}-${name}`, ...texts[name], document});
}
