import type {AccumulatorChoices} from "./accumulator-choices.js";
import {choiceControl} from "./choice-control.js";
import type {PageState} from "./page-state.js";
import {operandTitle} from "./race-sentence.js";

/** What the choices of the race are called, and what their values are. */
const texts = {
  data: {legend: "Numbers", labelOf: (value: string) => (value === "relu" ? "ReLU × signed" : value)},
  operands: {legend: "Format", labelOf: operandTitle},
  measure: {
    legend: "Error",
    labelOf: (value: string) => (value === "bias" ? "mean" : "root mean square"),
  },
} as const;

/** Radio buttons for a choice of the race, in one of the figures that it governs. */
export function raceControl(
  state: PageState<AccumulatorChoices>,
  name: keyof typeof texts,
  {figure, document}: {figure: string; document: Document},
): HTMLFieldSetElement {
  return choiceControl(state, name, {group: `${figure}-${name}`, ...texts[name], document});
}
