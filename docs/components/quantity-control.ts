import {elementMaker} from "./element-maker.js";
import type {PlanState, QuantityName} from "./plan-choices.js";
import {textField} from "./text-field.js";

interface QuantityControlOptions {
  readonly title: string;
  readonly symbol: string;
  /** What can be typed, as in 7B. */
  readonly example: string;
  /** Powers of ten at the ends of the slider. */
  readonly powers: readonly [number, number];
  /** What is given when the box is ticked. */
  readonly first: string;
  readonly read: (text: string) => number;
  readonly textOf: (value: number) => string;
  readonly document?: Document;
}

/** Steps of the slider for each factor of ten. */
const stepsPerDecade = 20;

/** A quantity that may be given: a box to say so, a field for the exact number, and a slider on a logarithmic scale. */
export function quantityControl(
  state: PlanState,
  name: QuantityName,
  {
    title,
    symbol,
    example,
    powers,
    first,
    read,
    textOf,
    document = globalThis.document,
  }: QuantityControlOptions,
): HTMLElement {
  const make = elementMaker(document);
  const box = make("input", {type: "checkbox"});
  let last = state.get()[name] || first;
  const field = textField({
    id: `plan-${name}`,
    label: `${symbol}, as in ${example}`,
    value: last,
    onInput(text) {
      if (!state.choices[name].accepts(text))
        throw new Error(`Expected a number above 0, such as ${example}.`);
      state.set({[name]: text});
    },
    document,
  });
  const slider = make("input", {
    type: "range",
    min: powers[0] * stepsPerDecade,
    max: powers[1] * stepsPerDecade,
    step: 1,
    "aria-label": `${title}, on a logarithmic scale`,
  });
  slider.addEventListener("input", () =>
    state.set({[name]: textOf(10 ** (slider.valueAsNumber / stepsPerDecade))}),
  );
  box.addEventListener("change", () => state.set({[name]: box.checked ? last : ""}));
  const inside = make("div", {class: "quantity-fields"}, field.element, slider);
  const head = make("label", {class: "quantity-given"}, box, title);
  const open = make("p", {class: "quantity-open"}, "to be found");
  const element = make("div", {class: "quantity-control"}, head, inside, open);
  state.subscribe(
    (current) => {
      const text = current[name];
      box.checked = text !== "";
      inside.hidden = text === "";
      open.hidden = text !== "";
      if (text === "") return;
      last = text;
      field.update(text);
      slider.value = String(Math.round(Math.log10(read(text)) * stepsPerDecade));
      slider.setAttribute("aria-valuetext", text);
    },
    [name],
  );
  return element;
}
