import {chartFigure} from "./chart-figure.js";
import {opChart} from "./op-chart.js";
import {opColumns} from "./op-columns.js";
import type {OpRow} from "./op-row.js";
import type {PageState} from "./page-state.js";
import {sliderControl} from "./slider-control.js";
import type {UnitScalingChoices} from "./unit-scaling-choices.js";

/** Every op at one width, theory beside measurement, with a slider through the widths. */
export function opFigure(
  rows: readonly OpRow[],
  {state, document = globalThis.document}: {state: PageState<UnitScalingChoices>; document?: Document},
): HTMLElement {
  const id = "ops";
  const modelWidth = () => Number(state.get().width);
  const figure = chartFigure<OpRow>({
    id,
    caption:
      "Figure 3. What each op writes when everything that it reads is normal with spread 1: outputs (filled, blue), " +
      "gradients of inputs (filled, orange) and of parameters (hollow). Symbols are measured, upright lines theory; the " +
      "pale trail is the range over all widths.",
    source: opSource("figure 3"),
    controls: [sliderControl(state, "width", {label: "Width m", document})],
    draw: ({width, ...options}) => opChart(rows, {modelWidth: modelWidth(), width, ...options}),
    data: () => ({
      caption: `Standard deviation of what each op writes at width ${modelWidth()}; the CSV file has every width`,
      rows: rows.filter(({width}) => width === modelWidth()),
      allRows: rows,
      columns: opColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["width"]);
  return figure.element;
}

export const opSource = (figure: string): string =>
  `Bitscape, “Unit scaling”, ${figure}. Data: loaders/op-spreads.arrow, seed 1.`;
