import {choiceGroup} from "./choice-group.js";
import {elementMaker} from "./element-maker.js";
import type {Choices, PageState} from "./page-state.js";

export interface ChoiceControlOptions {
  /** Name of the group of radio buttons, which no other group on the page may have. */
  readonly group: string;
  readonly legend: string;
  /** What a value is called; by default the value itself. */
  readonly labelOf?: (value: string) => string;
  readonly document?: Document;
}

/** Radio buttons for one choice of the page's state. Several controls may show the same choice: they move together. */
export function choiceControl<C extends Choices>(
  state: PageState<C>,
  name: keyof C & string,
  {group, legend, labelOf = (value) => value, document = globalThis.document}: ChoiceControlOptions,
): HTMLFieldSetElement {
  const make = elementMaker(document);
  const inputs = state.choices[name].values.map((value) =>
    make("input", {type: "radio", name: group, value}),
  );
  const options = inputs.map((input) => make("label", {}, input, labelOf(input.value)));
  const control = choiceGroup(legend, options, {document});
  control.addEventListener("change", (event) => {
    state.set({[name]: (event.target as HTMLInputElement).value} as Partial<Record<keyof C, string>>);
  });
  state.subscribe((current) => {
    for (const input of inputs) input.checked = input.value === current[name];
  });
  return control;
}
