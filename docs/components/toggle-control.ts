import {choiceGroup} from "./choice-group.js";
import {elementMaker} from "./element-maker.js";
import type {Choices, PageState} from "./page-state.js";

export interface ToggleControlOptions {
  readonly legend: string;
  /** What can be switched on. */
  readonly values: readonly string[];
  readonly labelOf?: (value: string) => string;
  readonly document?: Document;
}

/** Check boxes for a choice that is a list of values, kept in the state as "a,b"; none of them is "none". */
export function toggleControl<C extends Choices>(
  state: PageState<C>,
  name: keyof C & string,
  {legend, values, labelOf = (value) => value, document = globalThis.document}: ToggleControlOptions,
): HTMLFieldSetElement {
  const make = elementMaker(document);
  const inputs = values.map((value) => make("input", {type: "checkbox", value}));
  const options = inputs.map((input) => make("label", {}, input, labelOf(input.value)));
  const control = choiceGroup(legend, options, {document});
  control.addEventListener("change", () => {
    const chosen = inputs.filter(({checked}) => checked).map(({value}) => value);
    state.set({[name]: listText(chosen)} as Partial<Record<keyof C, string>>);
  });
  state.subscribe((current) => {
    const chosen = listValues(current[name]);
    for (const input of inputs) input.checked = chosen.includes(input.value);
  });
  return control;
}

const none = "none";

/** The values of a list as the state keeps it. */
export const listValues = (text: string): string[] => (text === none ? [] : text.split(","));

export const listText = (values: readonly string[]): string => values.join(",") || none;

/** Whether a text is a list of some of the values, each once. */
export function isListOf(values: readonly string[], text: string): boolean {
  const parts = listValues(text);
  return new Set(parts).size === parts.length && parts.every((part) => values.includes(part));
}
