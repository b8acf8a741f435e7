import * as Plot from "npm:@observablehq/plot";
import {max, min, scaleLog, ticks} from "npm:d3";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import type {LawPoint, PointChart} from "./law-points.js";
import {type Palette, pagePalette} from "./palette.js";
import {pointMarks} from "./point-marks.js";

interface PredictedChartOptions {
  /** The row that the keyboard is at. */
  readonly selected?: number;
  /** The chart in a sentence. */
  readonly label: string;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const margin = {top: 26, right: 16, bottom: 44, left: 46};

/** Predicted against measured loss, both on logarithmic axes, with the line of perfection and a band of ±1 %. */
export function predictedChart(
  points: readonly LawPoint[],
  {
    selected,
    label,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: PredictedChartOptions,
): PointChart {
  const height = Math.round(Math.min(440, Math.max(300, width * 0.8)));
  const shown = points.filter(({measured, predicted}) => measured > 0 && predicted > 0);
  const domainX = spanOf(shown.map(({measured}) => measured));
  const domainY = spanOf(shown.map(({predicted}) => predicted));
  const x = scaleLog(domainX, [margin.left, width - margin.right]);
  const y = scaleLog(domainY, [height - margin.bottom, margin.top]);
  const top = margin.top;
  const bottom = height - margin.bottom;
  const along = sampled(domainX);
  const text = {fontSize: 11, fill: palette.muted} as const;
  const places = shown.map((point) => ({
    point,
    row: point.row,
    x: x(point.measured),
    y: y(point.predicted),
    before:
      point.before !== undefined && point.before > 0 ? {x: x(point.measured), y: y(point.before)} : undefined,
  }));
  const chart = Plot.plot({
    document,
    ...{width, height, margin: 0},
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, width], range: [0, width], axis: null},
    y: {domain: [0, height], range: [0, height], axis: null},
    marks: [
      Plot.link(ticksOf(domainX, width / 90), {
        ...{x1: x, x2: x, y1: margin.top, y2: height - margin.bottom},
        ...{stroke: palette.rule, strokeOpacity: 0.4},
      }),
      Plot.link(ticksOf(domainY, height / 60), {
        ...{x1: margin.left, x2: width - margin.right, y1: y, y2: y},
        ...{stroke: palette.rule, strokeOpacity: 0.4},
      }),
      Plot.text(ticksOf(domainX, width / 90), {
        ...{...text, x, y: height - margin.bottom + 14, text: String},
      }),
      Plot.text(ticksOf(domainY, height / 60), {
        ...{...text, x: margin.left - 7, y, text: String, textAnchor: "end"},
      }),
      Plot.areaY(along, {
        x,
        y1: (loss: number) => clamp(y(loss * 1.01), top, bottom),
        y2: (loss: number) => clamp(y(loss / 1.01), top, bottom),
        ...{fill: palette.ink, fillOpacity: 0.1},
      }),
      Plot.line(
        along.filter((loss) => loss >= domainY[0] && loss <= domainY[1]),
        {x, y, stroke: palette.ink, strokeWidth: 1},
      ),
      ...pointMarks(places, {selected, palette}),
      Plot.text(["measured loss, nats per token"], {
        ...{...text, frameAnchor: "bottom-right", dx: -margin.right, dy: -8, text: String},
      }),
      Plot.text(["predicted loss"], {
        ...{...text, x: 2, y: 10, textAnchor: "start", text: String},
      }),
    ],
  });
  return {chart: accessibleSvg(chart, label), places};
}

/** Ticks for people, also where the values span less than a power of ten. */
const ticksOf = ([low, high]: readonly [number, number], count: number): number[] =>
  high / low > 30 ? scaleLog([low, high], [0, 1]).ticks(count) : ticks(low, high, count);

/** Losses over a range, close enough together that a line through them ends where it leaves the chart. */
function sampled([low, high]: readonly [number, number]): number[] {
  const count = 200;
  return Array.from({length: count + 1}, (_, i) => low * (high / low) ** (i / count));
}

function spanOf(values: readonly number[]): [number, number] {
  if (values.length === 0) return [1, 2];
  const [low, high] = [min(values)!, max(values)!];
  const room = Math.max(1.005, (high / low) ** 0.04);
  return [low / room, high * room];
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
