import {elementMaker} from "./element-maker.js";
import type {Choices, PageState} from "./page-state.js";

/** A menu for one choice of the page's state, where radio buttons would take too much room. */
export function selectControl<C extends Choices>(
  state: PageState<C>,
  name: keyof C & string,
  {
    label,
    labelOf = (value) => value,
    document = globalThis.document,
  }: {label: string; labelOf?: (value: string) => string; document?: Document},
): HTMLLabelElement {
  const make = elementMaker(document);
  const options = state.choices[name].values.map((value) => make("option", {value}, labelOf(value)));
  const select = make("select", {}, ...options);
  select.addEventListener("change", () => {
    state.set({[name]: select.value} as Partial<Record<keyof C, string>>);
  });
  state.subscribe(
    (current) => {
      select.value = current[name];
    },
    [name],
  );
  return make("label", {class: "select-control"}, make("span", {}, label), select);
}
