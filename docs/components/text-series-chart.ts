import type {ChartData} from "./chart-figure.js";
import type {Column} from "./column.js";
import {type CriticalChartOptions, criticalChart} from "./critical-chart.js";
import {hasTurned, lowest, type TextPoint, type TextSeries} from "./critical-rows.js";
import {noise} from "./critical-sentences.js";
import type {Palette} from "./palette.js";

export type SeriesRow = TextPoint & Pick<TextSeries, "name">;

const seriesColumns: readonly Column<SeriesRow>[] = [
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

/** Every point of every line, as a table. */
export const seriesData = (series: readonly TextSeries[]): ChartData<SeriesRow> => ({
  caption: "Held-out loss in nats per token",
  rows: series.flatMap(({name, points}) => points.map((point) => ({name, ...point}))),
  columns: seriesColumns,
});

type ColorOf = (line: TextSeries) => keyof Palette;

interface TextSeriesChartOptions extends Omit<CriticalChartOptions, "x" | "y"> {
  readonly colorOf: ColorOf;
  /** Lines that are shown in full where there are any; others may leave the chart at the top. */
  readonly readable?: readonly TextSeries[];
}

/** Measured losses by the text that a model has seen, a line for each series. */
export function textSeriesChart(
  series: readonly TextSeries[],
  {colorOf, readable = series, ...options}: TextSeriesChartOptions,
): SVGSVGElement {
  return criticalChart(measuredLines(series, colorOf), {
    ...options,
    x: {
      domain: ratioDomain(series),
      label: "training tokens per parameter",
      format: (x) => String(Math.round(x)),
    },
    y: {domain: lossDomain(series, readable), label: "loss, nats per token"},
  });
}

/** Lines of measured losses, marked at their lowest point where they rise again by more than chance. */
const measuredLines = (series: readonly TextSeries[], colorOf: ColorOf) =>
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

function ratioDomain(series: readonly TextSeries[]): [number, number] {
  const ratios = series.flatMap(({points}) => points.map(({tokensPerParameter}) => tokensPerParameter));
  return [Math.min(...ratios) / 1.25, Math.max(...ratios) * 1.25];
}

/** From the lowest loss of all to the highest of those that are shown in full. */
function lossDomain(series: readonly TextSeries[], readable: readonly TextSeries[]): [number, number] {
  const losses = (some: readonly TextSeries[]) => some.flatMap(({points}) => points.map(({loss}) => loss));
  const [low, high] = [
    Math.min(...losses(series)),
    Math.max(...losses(readable.length > 0 ? readable : series)),
  ];
  const margin = 0.06 * (high - low) || 0.1;
  return [low - margin, high + 2 * margin];
}
