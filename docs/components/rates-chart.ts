import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import type {RateResult, RateSearch} from "./rate-searches.js";
import {spacedLabels} from "./spaced-labels.js";
import {textWidth} from "./text-width.js";

export interface RatesChartOptions {
  /** The colour of a search. */
  readonly color: (search: RateSearch) => string;
  /** The chart in a sentence. */
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const height = 360;
const margins = {marginTop: 30, marginBottom: 44, marginLeft: 44, marginRight: 14} as const;

/** A curve for each search for a learning rate: loss above the best of the search, whose place a dot marks. */
export function ratesChart(
  searches: readonly RateSearch[],
  {color, label, width = 960, palette = pagePalette, document = globalThis.document}: RatesChartOptions,
): SVGSVGElement {
  const points = searches.flatMap((search) =>
    search.results.flatMap((result) =>
      result.loss === null || !search.best
        ? []
        : [{search, result, rate: result.rate, above: result.loss - search.best.loss!}],
    ),
  );
  const rates = points.map(({rate}) => rate);
  const isBest = ({search, result}: {search: RateSearch; result: RateResult}) => search.best === result;
  const most = quantile(
    points.map(({above}) => above),
    0.9,
  );
  const text = {fontSize: 11, fill: palette.muted} as const;
  const plotWidth = width - margins.marginLeft - margins.marginRight;
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  const widthOf = textWidth(document);
  const extent = (rate: number) => ({
    middle: (Math.log(rate / low) / Math.log(high / low || 2)) * plotWidth,
    size: widthOf(rateText(rate)),
  });
  const opacity = searches.length > 30 ? 0.45 : 0.8;
  const chart = Plot.plot({
    document,
    ...{width, height, ...margins},
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: {
      ...{type: "log", base: 2, domain: [low, high], label: null, tickSize: 0},
      tickFormat: rateText,
      ticks: spacedLabels(
        evenly(
          [...new Set(rates)].sort((a, b) => a - b),
          width < 500 ? 5 : 11,
        ),
        extent,
        4,
      ),
    },
    y: {domain: [-0.04 * most, most], label: null, tickSize: 0, grid: true, ticks: 6, clamp: true},
    marks: [
      ...searches.map((search) =>
        Plot.line(
          points.filter((point) => point.search === search),
          {x: "rate", y: "above", stroke: color(search), strokeOpacity: opacity, clip: true},
        ),
      ),
      // Optima at the end of a list lie side by side, so that their number can be seen.
      Plot.dot(points.filter(isBest), {
        x: "rate",
        y: 0,
        r: 4,
        stroke: ({search}) => (search.isInterior ? "none" : palette.sign),
        strokeWidth: 2,
        fill: ({search}) => (search.isInterior ? color(search) : palette.background),
      }),
      Plot.text(["nats above the best rate"], {
        ...{...text, frameAnchor: "top-left", textAnchor: "start", dx: -40, dy: -20},
        text: (name: string) => name,
      }),
      Plot.text(["learning rate"], {...text, frameAnchor: "bottom", dy: 34, text: (name: string) => name}),
      Plot.tip(
        points,
        Plot.pointer({
          ...{x: "rate", y: "above"},
          title: ({search, rate, result, above}) =>
            `${search.label || "all runs"}\nlearning rate ${rate}: ${result.loss!.toFixed(4)}\n${above === 0 ? "the best of its list" : `${above.toFixed(4)} above the best`}`,
          ...{fill: palette.background, stroke: palette.rule, fontSize: 12, lineHeight: 1.3, lineWidth: 34},
        }),
      ),
    ],
  });
  return accessibleSvg(chart, label);
}

const rateText = (rate: number): string => String(Number(rate.toPrecision(2)));

/** At most so many of the values, from the first on at equal distances. */
const evenly = (values: readonly number[], most: number): number[] =>
  values.filter((_, i) => i % Math.ceil(values.length / most) === 0);

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.max(0.05, sorted[Math.floor(share * (sorted.length - 1))] ?? 1);
}
