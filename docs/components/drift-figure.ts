import {chartFigure} from "./chart-figure.js";
import {driftChart} from "./drift-chart.js";
import {driftColumns} from "./drift-columns.js";
import type {DriftRow} from "./drift-row.js";
import type {RecordedFormat} from "./lost-shares.js";
import {sliderControl} from "./slider-control.js";
import {sourceLine} from "./source-line.js";
import type {SpreadFigureOptions} from "./spread-figure.js";
import {unitScalingControl} from "./unit-scaling-control.js";

/** Spreads while training, with a slider through the steps. */
export function driftFigure(
  rows: readonly DriftRow[],
  {state, runs, document = globalThis.document}: SpreadFigureOptions,
): HTMLElement {
  const id = "drift";
  const view = () => {
    const {recipe, tensor, step, format, layer} = state.get();
    return {recipe, tensor, step: Number(step), format: format as RecordedFormat, layer};
  };
  const ofView = ({recipe, tensor}: DriftRow) => recipe === view().recipe && tensor === view().tensor;
  const figure = chartFigure<DriftRow>({
    id,
    caption:
      "Figure 6. Spread of one kind of tensor in every layer while the model trains. Shaded: what the chosen format can " +
      "hold, strongly with full precision, weakly as subnormals. The strong line is the layer of figure 2.",
    source: sourceLine("figure 6", runs),
    controls: [
      sliderControl(state, "step", {label: "Step", document}),
      ...(["tensor", "format", "recipe"] as const).map((name) =>
        unitScalingControl(state, name, {figure: id, document}),
      ),
    ],
    draw: (options) => driftChart(rows, {...view(), ...options}),
    data: () => ({
      caption: `Spread of ${view().tensor}s after step ${view().step}; the CSV file has every step`,
      rows: rows.filter((row) => ofView(row) && row.step === view().step),
      allRows: rows.filter(ofView),
      columns: driftColumns,
    }),
    document,
  });
  state.subscribe(figure.update, ["step", "tensor", "format", "recipe", "layer"]);
  return figure.element;
}
