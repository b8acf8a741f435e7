import * as Plot from "npm:@observablehq/plot";
import {extent, scaleLinear, scaleLog} from "npm:d3";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {shortNumber} from "./short-number.js";
import {spacedLabels} from "./spaced-labels.js";
import {textWidth} from "./text-width.js";

export interface PairPoint {
  readonly x: number;
  readonly y: number;
}

interface PairChartOptions {
  /** Symbols of the two constants. */
  readonly across: string;
  readonly upwards: string;
  /** The fit to all runs. */
  readonly fit: PairPoint;
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const margins = {marginLeft: 64, marginBottom: 44, marginTop: 26, marginRight: 16} as const;

/** Factor between smallest and largest value from which an axis is logarithmic. */
const wide = 3;

export function pairChart(
  points: readonly PairPoint[],
  {
    across,
    upwards,
    fit,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: PairChartOptions,
): SVGSVGElement {
  const widthOf = textWidth(document);
  const axis = (values: readonly number[], room?: number) => {
    const [low, high] = extent(values) as [number, number];
    const type = low > 0 && high / low > wide ? ("log" as const) : ("linear" as const);
    const tickFormat = (value: number) => shortNumber(value, 3);
    const place = (type === "log" ? scaleLog : scaleLinear)([low, high], [0, room ?? 1]);
    const extentOf = (tick: number) => ({middle: place(tick), size: widthOf(tickFormat(tick))});
    return {
      type,
      label: null,
      tickFormat,
      // Across, numbers stand beside each other.
      ticks: room === undefined ? 5 : spacedLabels(place.ticks(5), extentOf),
      tickSize: 0,
      grid: true,
    };
  };
  const text = {fontSize: 12, fill: palette.muted} as const;
  const together = correlation(points);
  const chart = Plot.plot({
    document,
    ...{width, height: Math.round(Math.min(380, Math.max(280, width * 0.8)))},
    ...margins,
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: axis([...points.map(({x}) => x), fit.x], width - margins.marginLeft - margins.marginRight),
    y: axis([...points.map(({y}) => y), fit.y]),
    marks: [
      Plot.dot(points, {x: "x", y: "y", r: 3, fill: palette.chance, fillOpacity: 0.5}),
      Plot.dot([fit], {x: "x", y: "y", r: 8, symbol: "plus", stroke: palette.ink, strokeWidth: 2}),
      Plot.text([across], {...{...text, frameAnchor: "bottom-right", dy: 36, text: String}}),
      Plot.text([upwards], {
        ...{...text, frameAnchor: "top-left", textAnchor: "start", dx: -56, dy: -18, text: String},
      }),
    ],
  });
  return accessibleSvg(
    chart,
    `${upwards} against ${across} in ${points.length} fits to redrawn tables; correlation ${together.toFixed(2)}.`,
  );
}

/** Pearson's, of the values as they are. */
export function correlation(points: readonly PairPoint[]): number {
  const mean = (of: (point: PairPoint) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [mx, my] = [mean(({x}) => x), mean(({y}) => y)];
  const covariance = mean(({x, y}) => (x - mx) * (y - my));
  return covariance / Math.sqrt(mean(({x}) => (x - mx) ** 2) * mean(({y}) => (y - my) ** 2));
}
