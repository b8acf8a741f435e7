import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {formatLabel} from "./format-label.js";
import {noiseChart} from "./noise-chart.js";
import {decibels, type NoiseRow} from "./noise-row.js";
import type {PageState} from "./page-state.js";
import {resetButton} from "./reset-button.js";
import type {RoundingChoices} from "./rounding-choices.js";
import {listValues, toggleControl} from "./toggle-control.js";

const columns: readonly Column<NoiseRow>[] = [
  {name: "format", value: ({format}) => format},
  {name: "rounding", value: ({rounding}) => rounding},
  {name: "log2_spread", value: ({log2_spread}) => log2_spread},
  {name: "ratio", value: ({ratio}) => ratio, format: (ratio) => ratio.toPrecision(4)},
  {name: "decibels", value: decibels, format: (value) => value.toFixed(1)},
];

export interface NoiseFigureOptions {
  readonly state: PageState<RoundingChoices>;
  readonly document?: Document;
}

/** Signal-to-noise ratio of every format against the spread, with the choice of the formats to look at. */
export function noiseFigure(
  rows: readonly NoiseRow[],
  {state, document = globalThis.document}: NoiseFigureOptions,
): HTMLElement {
  const view = () => {
    const {noise, formats} = state.get();
    return {rounding: noise, formats: listValues(formats)};
  };
  const figure = chartFigure<NoiseRow>({
    id: "noise",
    caption:
      "Figure 3. Signal-to-noise ratio of a cast of normally distributed numbers, against their spread: how many " +
      "times stronger the numbers are than what rounding adds to them, in decibels. Ten decibels are a factor of " +
      "ten. At 0 the error is as large as the numbers.",
    source:
      "Bitscape, “Rounding”, figure 3. Computed when the site was built, with the same kernels that train: " +
      "loaders/signal-to-noise-table.ts.",
    controls: [
      choiceControl(state, "noise", {
        group: "noise-rounding",
        legend: "Rounding",
        labelOf: (value) => (value === "stochastic" ? "stochastic" : "to nearest, ties to even"),
        document,
      }),
      toggleControl(state, "formats", {
        legend: "Formats",
        values: [...new Set(rows.map(({format}) => format))],
        labelOf: formatLabel,
        document,
      }),
      resetButton(state, {document}),
    ],
    draw: (options) => noiseChart(rows, {...view(), ...options}),
    data: () => ({
      caption: "Signal-to-noise ratio of the chosen formats; the CSV file has every format and spread",
      rows: rows.filter(
        ({format, rounding, log2_spread}) =>
          view().formats.includes(format) && rounding === view().rounding && log2_spread % 2 === 0,
      ),
      allRows: rows,
      columns,
    }),
    document,
  });
  state.subscribe(figure.update, ["noise", "formats"]);
  return figure.element;
}
