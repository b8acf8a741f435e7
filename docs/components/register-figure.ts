import type {AccumulatorChoices} from "./accumulator-choices.js";
import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import type {PageState} from "./page-state.js";
import {registerChart} from "./register-chart.js";
import {integerText} from "./register-sentence.js";
import {type RegisterRow, registerSums} from "./register-sums.js";
import {sliderControl} from "./slider-control.js";

/** The columns of the table behind the registers. */
const registerColumns: readonly Column<RegisterRow>[] = [
  {name: "products added", value: ({k}) => k},
  {name: "activation", value: ({a}) => a, format: integerText},
  {name: "weight", value: ({b}) => b, format: integerText},
  {name: "exact", value: ({exact}) => exact, format: integerText},
  {name: "wraps", value: ({wrap}) => wrap, format: integerText},
  {name: "saturates", value: ({saturate}) => saturate, format: integerText},
];

/** A sum of int8 products in a register whose width can be chosen. */
export function registerFigure({
  state,
  document = globalThis.document,
}: {
  state: PageState<AccumulatorChoices>;
  document?: Document;
}): HTMLElement {
  const bits = () => Number(state.get().bits);
  const figure = chartFigure<RegisterRow>({
    id: "register",
    caption:
      "Figure 4. Running sum of 64 products of int8 numbers, the first half mostly positive, the second mostly negative, " +
      "in registers of the chosen width.",
    source: "Bitscape, “Accumulators”, figure 4. Computed in this page, seed 1.",
    controls: [sliderControl(state, "bits", {label: "Bits of the register", document})],
    draw: (options) => registerChart(registerSums(bits()), {bits: bits(), ...options}),
    data: () => ({
      caption: `Running sums in registers of ${bits()} bits`,
      rows: registerSums(bits()),
      columns: registerColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["bits"]);
  return figure.element;
}
