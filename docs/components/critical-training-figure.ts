import {chartFigure} from "./chart-figure.js";
import type {CriticalChoices} from "./critical-choices.js";
import {criticalControl} from "./critical-control.js";
import {type CriticalRow, type TextSeries, trainingSeries} from "./critical-rows.js";
import {trainingSentence} from "./critical-sentences.js";
import {emptyChart} from "./empty-chart.js";
import type {PageState} from "./page-state.js";
import type {Palette} from "./palette.js";
import {type SeriesRow, seriesData, textSeriesChart} from "./text-series-chart.js";

/** Our models trained in few bits for long: the loss against the text, a line for each cast. */
export function criticalTrainingFigure(
  rows: readonly CriticalRow[],
  {
    state,
    document = globalThis.document,
  }: {readonly state: PageState<CriticalChoices>; readonly document?: Document},
): HTMLElement {
  const rates = () => state.get().rates as "tuned" | "own";
  const series = () => trainingSeries(rows, {parameters: Number(state.get().trained), rates: rates()});
  const figure = chartFigure<SeriesRow>({
    id: "training",
    caption:
      "Figure 5. Our models, trained in few bits from the first step to the last: held-out loss against text, means over " +
      "seeds where there are several. E1M1 on P2, P4 and P6, as in the law; weights alone; weights, activations, keys and " +
      "values (all), which scatter by tenths of a nat from seed to seed where activations have 3 bits. A circle marks the lowest loss of a line that rises again by more than 0.02 nats.",
    source:
      "Bitscape, “Critical data”, figure 5. Runs: bitscape sweep overtraining, published in data/sweeps/overtraining.jsonl.gz.",
    controls: [
      criticalControl(state, "trained", {figure: "training", document}),
      criticalControl(state, "rates", {figure: "training", document}),
    ],
    sentence: () => trainingSentence(series(), rates()),
    draw(options) {
      const shown = series();
      if (shown.every(({points}) => points.length < 2)) {
        return emptyChart("No model was trained on more than one amount of text with these rates.", options);
      }
      return textSeriesChart(shown, {
        ...options,
        colorOf: castColor,
        description: trainingSentence(shown, rates()),
      });
    },
    data: () => seriesData(series()),
    document,
  });
  state.subscribe(figure.update, ["trained", "rates"]);
  return figure.element;
}

const castColor = ({name}: TextSeries): keyof Palette =>
  name === "not rounded"
    ? "ink"
    : name.startsWith("weights")
      ? "sign"
      : name.startsWith("all")
        ? "chance"
        : "backward";
