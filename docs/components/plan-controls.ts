import {bytesOf, bytesText, countOf, countText} from "../src/laws/quantity.js";
import {elementMaker} from "./element-maker.js";
import type {PlanDesk} from "./plan-desk.js";
import {quantityControl} from "./quantity-control.js";
import {resetButton} from "./reset-button.js";
import {selectControl} from "./select-control.js";
import {toggleControl} from "./toggle-control.js";

/** The question: what is given, in which bits, and which laws are asked. */
export function planControls(
  {state, laws}: PlanDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const counts = {read: countOf, textOf: (value: number) => countText(value, 2), document};
  const quantities = [
    quantityControl(state, "parameters", {
      ...{title: "Parameters", symbol: "N", example: "7B", powers: [3, 13], first: "7B", ...counts},
    }),
    quantityControl(state, "tokens", {
      ...{title: "Training tokens", symbol: "D", example: "2T", powers: [5, 15], first: "2T", ...counts},
    }),
    quantityControl(state, "compute", {
      ...{
        title: "Compute in FLOPs",
        symbol: "C",
        example: "1e24",
        powers: [12, 30],
        first: "1e24",
        ...counts,
      },
    }),
    quantityControl(state, "memory", {
      ...{title: "Memory for the weights", symbol: "M", example: "16GiB", powers: [4, 14], first: "16 GB"},
      ...{read: bytesOf, textOf: (value: number) => bytesText(value, 2), document},
    }),
  ];
  const titles = new Map(laws.map(({name, planLaw}) => [name, planLaw.title]));
  return make(
    "section",
    {class: "plan-controls", "aria-label": "The question"},
    make("div", {class: "quantities"}, ...quantities),
    make(
      "div",
      {class: "chart-controls"},
      selectControl(state, "bits", {
        ...{label: "Bits", document},
        labelOf: (bits) => (bits === "best" ? "the best" : `${bits} bit${bits === "1" ? "" : "s"}`),
      }),
      selectControl(state, "block", {
        ...{label: "Elements that share a scale", document},
        labelOf: (block) => (block === "channel" ? "a channel" : block),
      }),
      resetButton(state, {document}),
    ),
    toggleControl(state, "laws", {
      ...{legend: "Laws", values: laws.map(({name}) => name), document},
      labelOf: (name) => titles.get(name)!,
    }),
  );
}
