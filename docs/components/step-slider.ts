import {elementMaker} from "./element-maker.js";

export interface StepSlider {
  readonly element: HTMLElement;
  /** Offers these steps; `at` is the one shown, or null for the last one, whichever it is. */
  readonly update: (steps: readonly number[], at: number | null) => void;
}

/** A slider through the steps of a run, which at its right end goes along with the latest. */
export function stepSlider(
  onChange: (at: number | null) => void,
  {document = globalThis.document}: {document?: Document} = {},
): StepSlider {
  const make = elementMaker(document);
  const input = make("input", {type: "range", min: 0, max: 0, step: 1, "aria-label": "Step shown"});
  const value = make("output");
  let offered: readonly number[] = [];
  input.addEventListener("input", () => {
    const index = input.valueAsNumber;
    onChange(index >= offered.length - 1 ? null : offered[index]);
  });
  return {
    element: make("label", {class: "slider-control"}, make("span", {}, "Step", " ", value), input),
    update(steps, at) {
      offered = steps;
      const until = steps.filter((step) => at === null || step <= at).length - 1;
      const index = Math.max(0, until);
      input.max = String(Math.max(0, steps.length - 1));
      input.value = String(index);
      input.disabled = steps.length < 2;
      const isLatest = index >= steps.length - 1;
      const text = steps.length === 0 ? "none" : `${steps[index]}${isLatest ? " (latest)" : ""}`;
      value.textContent = text;
      input.setAttribute("aria-valuetext", text);
    },
  };
}
