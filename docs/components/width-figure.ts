import type {AccumulatorChoices} from "./accumulator-choices.js";
import {chartFigure} from "./chart-figure.js";
import type {PageState} from "./page-state.js";
import {raceControl} from "./race-control.js";
import {dataTitle} from "./race-sentence.js";
import {widthChart} from "./width-chart.js";
import {widthColumns} from "./width-columns.js";
import type {WidthRow} from "./width-row.js";

/** Errors by width and interval, with the numbers of the race. */
export function widthFigure(
  rows: readonly WidthRow[],
  {state, document = globalThis.document}: {state: PageState<AccumulatorChoices>; document?: Document},
): HTMLElement {
  const id = "width";
  const {count, k} = rows[0];
  const figure = chartFigure<WidthRow>({
    id,
    caption:
      `Figure 3. Root mean square error of ${count} dot products of ${k.toLocaleString("en")} E4M3 numbers in a unit ` +
      "like the H100’s, which adds 32 products at a time, if it kept another number of bits below the largest exponent, " +
      "and if its sum were promoted to fp32 after another number of products. The result of each group has one bit more " +
      "than is kept. Boxes: what is built.",
    source: "Bitscape, “Accumulators”, figure 3. Data: loaders/accumulator-width.arrow, seed 1.",
    controls: [raceControl(state, "data", {figure: id, document})],
    draw: (options) => widthChart(rows, {data: state.get().data, ...options}),
    data: () => ({
      caption: `Errors of sums of ${k.toLocaleString("en")} products of ${dataTitle(state.get().data)}, relative to the exact results`,
      rows: rows.filter(({data}) => data === state.get().data),
      columns: widthColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["data"]);
  return figure.element;
}
