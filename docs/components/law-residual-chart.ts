import * as Plot from "npm:@observablehq/plot";
import {max, quantile, scaleLinear, scaleLog, ticks} from "npm:d3";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type LawPoint, type PointChart, residualPercent} from "./law-points.js";
import {type Palette, pagePalette} from "./palette.js";
import {pointMarks} from "./point-marks.js";
import {shortCount} from "./short-count.js";
import {spacedLabels} from "./spaced-labels.js";
import {textWidth} from "./text-width.js";

interface LawResidualOptions {
  /** The horizontal axis: the values of `along`. */
  readonly axis: {readonly title: string; readonly scale: "log" | "linear"};
  readonly selected?: number;
  /** The chart in a sentence. */
  readonly label: string;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const margin = {top: 26, right: 16, bottom: 44, left: 46};
const height = 320;

/** Share of a bit by which equal ones stand apart, so that they do not hide each other. */
const jitter = 0.3;

/**
 * How far measured losses lie above the law, in percent, along one variable. What is dropped and far away stands at the
 * edge. A variable that is not rounded stands at the right, beyond the largest value.
 */
export function lawResidualChart(
  points: readonly LawPoint[],
  {
    axis,
    selected,
    label,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: LawResidualOptions,
): PointChart {
  const shown = points.filter(
    (point) => Number.isFinite(residualPercent(point)) && !Number.isNaN(point.along),
  );
  const finite = shown.filter(({along}) => Number.isFinite(along) && (axis.scale === "linear" || along > 0));
  const hasWithout = finite.length < shown.length;
  const right = width - margin.right - (hasWithout ? 44 : 0);
  const values = finite.map(({along}) => along);
  const x = placeAlong(values, axis.scale, [margin.left, right]);
  const xOf = ({along, row}: LawPoint) =>
    finite.length > 0 && Number.isFinite(along) && (axis.scale === "linear" || along > 0)
      ? x.place(axis.scale === "linear" ? along + spread(row) : along)
      : width - margin.right - 16 + spread(row) * 40;
  const kept = shown.filter(({isDropped}) => !isDropped);
  const reach = Math.max(1.5, 1.1 * (max(kept, (point) => Math.abs(residualPercent(point))) ?? 1.5));
  const y = scaleLinear([-reach, reach], [height - margin.bottom, margin.top]).clamp(true);
  const text = {fontSize: 11, fill: palette.muted} as const;
  const places = shown.map((point) => ({
    point,
    row: point.row,
    x: xOf(point),
    y: y(residualPercent(point)),
    before:
      point.before !== undefined && point.before > 0
        ? {x: xOf(point), y: y(residualPercent({...point, predicted: point.before}))}
        : undefined,
  }));
  const bottom = height - margin.bottom;
  const widthOf = textWidth(document);
  const xTicks = spacedLabels(x.ticks(Math.max(3, width / 110)), (tick) => ({
    middle: x.place(tick),
    size: widthOf(shortCount(tick)),
  }));
  const chart = Plot.plot({
    document,
    ...{width, height, margin: 0},
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, width], range: [0, width], axis: null},
    y: {domain: [0, height], range: [0, height], axis: null},
    marks: [
      Plot.rect([1], {
        ...{x1: margin.left, x2: width - margin.right, y1: y(1), y2: y(-1)},
        ...{fill: palette.ink, fillOpacity: 0.1},
      }),
      Plot.link(y.ticks(6), {
        ...{
          x1: margin.left,
          x2: width - margin.right,
          y1: (tick: number) => y(tick),
          y2: (tick: number) => y(tick),
        },
        stroke: (tick: number) => (tick === 0 ? palette.ink : palette.rule),
        strokeOpacity: (tick: number) => (tick === 0 ? 1 : 0.4),
      }),
      Plot.text(y.ticks(6), {
        ...{...text, x: margin.left - 7, y: (tick: number) => y(tick), textAnchor: "end"},
        text: (tick: number) => `${tick > 0 ? "+" : tick < 0 ? "−" : ""}${Math.abs(tick)}`,
      }),
      Plot.text(xTicks, {
        ...{...text, x: (tick: number) => x.place(tick), y: bottom + 14, text: shortCount},
      }),
      ...(hasWithout
        ? [Plot.text(["none"], {...text, x: width - margin.right - 16, y: bottom + 14, text: String})]
        : []),
      ...pointMarks(places, {selected, palette}),
      Plot.text([axis.title], {
        ...{...text, frameAnchor: "bottom-right", dx: -margin.right, dy: -8, text: String},
      }),
      Plot.text(["measured above the law, %"], {
        ...{...text, x: 2, y: 10, textAnchor: "start", text: String},
      }),
    ],
  });
  return {chart: accessibleSvg(chart, label), places};
}

/** Between −1/2 and 1/2 times `jitter`, the same for a row every time. */
const spread = (row: number): number => (((row * 0.6180339887) % 1) - 0.5) * jitter;

function placeAlong(values: readonly number[], scale: "log" | "linear", range: readonly [number, number]) {
  const sorted = [...values].sort((a, b) => a - b);
  const low = quantile(sorted, 0) ?? 1;
  const high = quantile(sorted, 1) ?? 2;
  if (scale === "log") {
    const place = scaleLog([low / 1.15, high * 1.15], range);
    const isShort = high / low < 4;
    return {
      place: (value: number) => place(value),
      ticks: (count: number) => (isShort ? ticks(low, high, count) : sparse(place.ticks(10), count)),
    };
  }
  const place = scaleLinear([low - 0.5, high + 0.5], range);
  return {
    place: (value: number) => place(value),
    ticks: (count: number) => ticks(low, high, Math.min(count, Math.max(1, high - low))),
  };
}

/** As many of 1, 2, 5 and the other digits times powers of ten as there is room for. */
function sparse(values: readonly number[], count: number): number[] {
  const withDigits = (digits: readonly number[]) =>
    values.filter((value) => digits.includes(Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9))));
  const choices = [[...values], withDigits([1, 2, 5]), withDigits([1, 3])];
  return choices.find(({length}) => length <= count) ?? withDigits([1]);
}
