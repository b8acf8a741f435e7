import {chartFigure} from "./chart-figure.js";
import {chosenSchemes} from "./chosen-schemes.js";
import {exponentHistogram} from "./exponent-histogram.js";
import {type HistogramBin, histogramBins} from "./histogram-bins.js";
import {histogramColumns} from "./histogram-columns.js";
import type {RecordedFormat} from "./lost-shares.js";
import {resetButton} from "./reset-button.js";
import {shownRows} from "./shown-rows.js";
import {sliderControl} from "./slider-control.js";
import {sourceLine} from "./source-line.js";
import type {SpreadFigureOptions} from "./spread-figure.js";
import {unitScalingControl} from "./unit-scaling-control.js";
import type {VarianceRow} from "./variance-row.js";

/** The exponent histogram of one layer with its controls. */
export function histogramFigure(
  rows: readonly VarianceRow[],
  {state, runs, document = globalThis.document}: SpreadFigureOptions,
): HTMLElement {
  const id = "histogram";
  const view = () => {
    const {stage, recipe, scheme, layer, tensor, format} = state.get();
    return {stage, recipe, schemes: chosenSchemes(scheme), layer, tensor, format: format as RecordedFormat};
  };
  const figure = chartFigure<HistogramBin>({
    id,
    caption:
      "Figure 2. Magnitudes of one layer's tensors, one bar for each power of two. The format holds what is " +
      "shaded: with full precision where the shade is strong, with fewer and fewer bits where it is weak. " +
      "Hollow bars are lost in the cast.",
    source: sourceLine("figure 2", runs),
    controls: [
      sliderControl(state, "layer", {label: "Layer", document}),
      ...(["tensor", "format", "stage"] as const).map((name) =>
        unitScalingControl(state, name, {figure: id, document}),
      ),
      resetButton(state, {document}),
    ],
    draw: (options) => exponentHistogram(rows, {...view(), ...options}),
    data: () => ({
      caption: `Share of the elements of ${view().layer} by magnitude`,
      rows: shownRows(rows, view())
        .filter(({layer}) => layer === view().layer)
        .flatMap(histogramBins)
        .filter(({share}) => share > 0),
      columns: histogramColumns,
    }),
    document,
  });
  state.subscribe(figure.update);
  return figure.element;
}
