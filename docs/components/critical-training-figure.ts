import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import {criticalChart} from "./critical-chart.js";
import type {CriticalChoices} from "./critical-choices.js";
import {
  measuredLines,
  ratioDomain,
  type SeriesRow,
  seriesColumns,
  seriesRows,
} from "./critical-rounded-figure.js";
import {type CriticalRow, type TextSeries, trainingSeries} from "./critical-rows.js";
import {trainingSentence} from "./critical-sentences.js";
import {elementMaker} from "./element-maker.js";
import {emptyChart} from "./empty-chart.js";
import type {PageState} from "./page-state.js";
import type {Palette} from "./palette.js";
import {countLabel} from "./token-count.js";

/** Our models trained in few bits for long: the loss against the text, a line for each cast. */
export function criticalTrainingFigure(
  rows: readonly CriticalRow[],
  {
    state,
    document = globalThis.document,
  }: {readonly state: PageState<CriticalChoices>; readonly document?: Document},
): HTMLElement {
  const make = elementMaker(document);
  const sentence = make("p", {class: "figure-sentence", role: "status"});
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
      choiceControl(state, "trained", {
        ...{group: "critical-trained", legend: "Parameters", document},
        labelOf: (value) => countLabel(Number(value)),
      }),
      choiceControl(state, "rates", {
        ...{group: "critical-rates", legend: "Learning rate", document},
        labelOf: (value) => (value === "tuned" ? "best in float32" : "best for each line"),
      }),
    ],
    draw(options) {
      const shown = series();
      if (shown.every(({points}) => points.length < 2)) {
        return emptyChart("No model was trained on more than one amount of text with these rates.", options);
      }
      return criticalChart(measuredLines(shown, castColor), {
        ...options,
        description: trainingSentence(shown, rates()),
        x: {
          domain: ratioDomain(shown),
          label: "training tokens per parameter",
          format: (x) => String(Math.round(x)),
        },
        y: {domain: allLosses(shown), label: "loss, nats per token"},
      });
    },
    data: () => ({
      caption: "Held-out loss in nats per token",
      rows: seriesRows(series()),
      columns: seriesColumns,
    }),
    document,
  });
  figure.element.querySelector(".chart-canvas")!.before(sentence);
  state.subscribe(() => {
    sentence.textContent = trainingSentence(series(), rates());
    figure.update();
  }, ["trained", "rates"]);
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

function allLosses(series: readonly TextSeries[]): [number, number] {
  const losses = series.flatMap(({points}) => points.map(({loss}) => loss));
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  return [low - 0.06 * (high - low), high + 0.06 * (high - low)];
}
