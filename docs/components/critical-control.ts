import {choiceControl} from "./choice-control.js";
import type {CriticalChoices} from "./critical-choices.js";
import type {PageState} from "./page-state.js";
import {countLabel} from "./token-count.js";

const sizes = {legend: "Parameters", labelOf: (value: string) => countLabel(Number(value))};

/** What the choices of the page on critical data are called, and what their values are. */
const texts = {
  model: sizes,
  trained: sizes,
  method: {legend: "Rounded", labelOf: (value: string) => (value === "gptq" ? "by GPTQ" : "to nearest")},
  rates: {
    legend: "Learning rate",
    labelOf: (value: string) => (value === "tuned" ? "best in float32" : "best for each line"),
  },
  block: {legend: "Values that share a scale", labelOf: (value: string) => value},
  law: {
    legend: "Few bits",
    labelOf: (value: string) => (value === "after" ? "after training (Kumar)" : "in training (Sun)"),
  },
} as const;

/** Radio buttons for a choice of the page on critical data, in one of its figures. */
export function criticalControl(
  state: PageState<CriticalChoices>,
  name: keyof typeof texts,
  {figure, document}: {readonly figure: string; readonly document: Document},
): HTMLFieldSetElement {
  return choiceControl(state, name, {group: `${figure}-${name}`, ...texts[name], document});
}
