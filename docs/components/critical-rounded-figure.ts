import {bitColor} from "./bit-colors.js";
import {chartFigure} from "./chart-figure.js";
import type {CriticalChoices} from "./critical-choices.js";
import {criticalControl} from "./critical-control.js";
import {type CriticalRow, roundedSeries} from "./critical-rows.js";
import {roundedSentence} from "./critical-sentences.js";
import {emptyChart} from "./empty-chart.js";
import type {PageState} from "./page-state.js";
import {type SeriesRow, seriesData, textSeriesChart} from "./text-series-chart.js";

/** Our models rounded after training: the loss against the text, a line for each number of bits. */
export function criticalRoundedFigure(
  rows: readonly CriticalRow[],
  {
    state,
    document = globalThis.document,
  }: {readonly state: PageState<CriticalChoices>; readonly document?: Document},
): HTMLElement {
  const parameters = () => Number(state.get().model);
  const series = () =>
    roundedSeries(rows, {parameters: parameters(), method: state.get().method as "nearest" | "gptq"}).filter(
      ({points}) => points.length > 0,
    );
  const figure = chartFigure<SeriesRow>({
    id: "rounded",
    caption:
      "Figure 1. Our models, trained in float32, before and after their weights were rounded: held-out loss against the text " +
      "that they have seen, each point a training of its own, means over seeds. A circle marks the lowest loss of a line that " +
      "rises again by more than 0.02 nats; from there on it is dashed. Lines that leave the figure are in the table in full.",
    source:
      "Bitscape, “Critical data”, figure 1. Runs: bitscape sweep post-training, published in data/sweeps/post-training.jsonl.gz.",
    controls: [
      criticalControl(state, "model", {figure: "rounded", document}),
      criticalControl(state, "method", {figure: "rounded", document}),
    ],
    sentence: () => roundedSentence(series(), parameters()),
    draw(options) {
      const shown = series();
      if (shown.length === 0)
        return emptyChart("The sweep post-training has not been published yet.", options);
      return textSeriesChart(shown, {
        ...options,
        colorOf: ({bits}) => bitColor(bits),
        // 2 bits can cost several nats.
        readable: shown.filter(({bits}) => bits > 2),
        description: roundedSentence(shown, parameters()),
      });
    },
    data: () => seriesData(series()),
    document,
  });
  state.subscribe(figure.update, ["model", "method"]);
  return figure.element;
}
