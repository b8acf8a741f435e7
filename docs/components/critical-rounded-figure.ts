import {bitColor} from "./bit-colors.js";
import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {criticalChart} from "./critical-chart.js";
import type {CriticalChoices} from "./critical-choices.js";
import {
  type CriticalRow,
  hasTurned,
  lowest,
  roundedSeries,
  type TextPoint,
  type TextSeries,
} from "./critical-rows.js";
import {noise, roundedSentence} from "./critical-sentences.js";
import {elementMaker} from "./element-maker.js";
import {emptyChart} from "./empty-chart.js";
import type {PageState} from "./page-state.js";
import {countLabel} from "./token-count.js";

export type SeriesRow = TextPoint & Pick<TextSeries, "name">;

export const seriesColumns: readonly Column<SeriesRow>[] = [
  {name: "line", value: ({name}) => name},
  {name: "tokens", value: ({tokens}) => tokens},
  {
    name: "tokens per parameter",
    value: ({tokensPerParameter}) => tokensPerParameter,
    format: (x) => x.toFixed(0),
  },
  {name: "loss", value: ({loss}) => loss, format: (x) => x.toFixed(4)},
  {name: "rise by rounding", value: ({rise}) => rise, format: (x) => x.toFixed(4)},
  {name: "learning rate", value: ({rates}) => rates.join(" ")},
  {name: "seeds", value: ({seeds}) => seeds},
];

export const seriesRows = (series: readonly TextSeries[]): SeriesRow[] =>
  series.flatMap(({name, points}) => points.map((point) => ({name, ...point})));

/** Lines of measured losses, marked at their lowest point where they rise again by more than chance. */
export const measuredLines = (
  series: readonly TextSeries[],
  colorOf: (line: TextSeries) => ReturnType<typeof bitColor>,
) =>
  series.map((line) => {
    const points = line.points.map(({tokensPerParameter, loss, rates, seeds}) => ({
      ...{x: tokensPerParameter, y: loss},
      title:
        `${line.name}\n${Math.round(tokensPerParameter)} tokens for each parameter\n` +
        `loss: ${loss.toFixed(3)}${seeds > 1 ? `, mean of ${seeds} seeds` : ""}\nlearning rate: ${rates.join(" ")}`,
    }));
    const best = lowest(line.points);
    return {
      ...{name: line.name, color: colorOf(line), points, isMeasured: true},
      turn: hasTurned(line.points, noise) ? points[line.points.indexOf(best)] : undefined,
    };
  });

/** Our models rounded after training: the loss against the text, a line for each number of bits. */
export function criticalRoundedFigure(
  rows: readonly CriticalRow[],
  {
    state,
    document = globalThis.document,
  }: {readonly state: PageState<CriticalChoices>; readonly document?: Document},
): HTMLElement {
  const make = elementMaker(document);
  const sentence = make("p", {class: "figure-sentence", role: "status"});
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
      choiceControl(state, "model", {
        ...{group: "critical-model", legend: "Parameters", document},
        labelOf: (value) => countLabel(Number(value)),
      }),
      choiceControl(state, "method", {
        ...{group: "critical-method", legend: "Rounded", document},
        labelOf: (value) => (value === "gptq" ? "by GPTQ" : "to nearest"),
      }),
    ],
    draw(options) {
      const shown = series();
      if (shown.length === 0)
        return emptyChart("The sweep post-training has not been published yet.", options);
      return criticalChart(
        measuredLines(shown, ({bits}) => bitColor(bits)),
        {
          ...options,
          description: roundedSentence(shown, parameters()),
          x: {
            domain: ratioDomain(shown),
            label: "training tokens per parameter",
            format: (x) => String(Math.round(x)),
          },
          y: {domain: lossDomain(shown), label: "loss, nats per token"},
        },
      );
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
    sentence.textContent = roundedSentence(series(), parameters());
    figure.update();
  }, ["model", "method"]);
  return figure.element;
}

export function ratioDomain(series: readonly TextSeries[]): [number, number] {
  const ratios = series.flatMap(({points}) => points.map(({tokensPerParameter}) => tokensPerParameter));
  return [Math.min(...ratios) / 1.25, Math.max(...ratios) * 1.25];
}

/** From the lowest loss to the highest of 3 bits and more: 2 bits can cost several nats. */
export function lossDomain(series: readonly TextSeries[]): [number, number] {
  const losses = (some: readonly TextSeries[]) => some.flatMap(({points}) => points.map(({loss}) => loss));
  const readable = series.filter(({bits}) => bits > 2);
  const [low, high] = [
    Math.min(...losses(series)),
    Math.max(...losses(readable.length > 0 ? readable : series)),
  ];
  const margin = 0.06 * (high - low) || 0.1;
  return [low - margin, high + 2 * margin];
}
