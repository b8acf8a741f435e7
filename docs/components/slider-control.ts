import {elementMaker} from "./element-maker.js";
import type {Choices, PageState} from "./page-state.js";

/** A slider through the values of one choice in their order, for choices that lie along a line such as the depth. */
export function sliderControl<C extends Choices>(
  state: PageState<C>,
  name: keyof C & string,
  {
    label,
    labelOf = (value) => value,
    document = globalThis.document,
  }: {label: string; labelOf?: (value: string) => string; document?: Document},
): HTMLLabelElement {
  const make = elementMaker(document);
  const {values} = state.choices[name];
  // Named by itself, since a label belongs to the first field in it, which is the output.
  const input = make("input", {type: "range", min: 0, max: values.length - 1, step: 1, "aria-label": label});
  const value = make("output");
  input.addEventListener("input", () => {
    state.set({[name]: values[input.valueAsNumber]} as Partial<Record<keyof C, string>>);
  });
  state.subscribe((current) => {
    input.value = String(values.indexOf(current[name]));
    const text = labelOf(current[name]);
    input.setAttribute("aria-valuetext", text);
    value.textContent = text;
  });
  const head = make("span", {}, label, " ", value);
  return make("label", {class: "slider-control"}, head, input);
}
