import {elementMaker} from "./element-maker.js";
import {type Axis, roundedValue, shareOf, valueAt, valueText} from "./surface-axis.js";

interface ValueSlider {
  readonly element: HTMLLabelElement;
  /** Shows a value of an axis; beyond its end may stand "not rounded". */
  readonly update: (axis: Axis, value: number, options: {mayBeWithout: boolean}) => void;
}

/** Steps of a slider through counts. */
const logSteps = 400;

/** A slider through the values of an axis: bits by tenths, counts evenly in their logarithm. */
export function valueSlider(
  onInput: (value: number) => void,
  {document = globalThis.document}: {document?: Document} = {},
): ValueSlider {
  const make = elementMaker(document);
  const input = make("input", {type: "range", step: 1});
  const output = make("output");
  const title = make("span");
  let axis: Axis;
  let last = 0;
  input.addEventListener("input", () => {
    const step = input.valueAsNumber;
    if (step > last) return onInput(Number.POSITIVE_INFINITY);
    onInput(axis.scale === "log" ? roundedValue(axis, valueAt(axis, step / logSteps)) : step / 10);
  });
  return {
    element: make("label", {class: "slider-control"}, make("span", {}, title, " ", output), input),
    update(next, value, {mayBeWithout}) {
      axis = next;
      const isLog = axis.scale === "log";
      last = isLog ? logSteps : Math.round(axis.range[1] * 10);
      input.min = String(isLog ? 0 : Math.round(axis.range[0] * 10));
      input.max = String(mayBeWithout ? last + 5 : last);
      const text = valueText(axis, value);
      const step = isLog ? Math.round(shareOf(axis, value) * logSteps) : Math.round(value * 10);
      input.value = String(value === Number.POSITIVE_INFINITY ? last + 5 : step);
      input.setAttribute("aria-label", axis.title);
      input.setAttribute("aria-valuetext", text);
      title.textContent = axis.title;
      output.textContent = text;
    },
  };
}
