import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {formatLabel} from "./format-label.js";
import {noiseClaim} from "./noise-claim.js";
import {decibels, type NoiseRow} from "./noise-row.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerLabel} from "./power-label.js";
import {separate} from "./separate.js";

export interface NoiseChartOptions {
  /** Only rows of this rounding are drawn. */
  readonly rounding?: string;
  /** Formats whose curves are drawn strongly; the others stay in the background. */
  readonly formats?: readonly string[];
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const height = 430;
const margins = {marginTop: 34, marginRight: 12, marginBottom: 48, marginLeft: 40};

/** Noise ten times as strong as the signal: what lies below is cut off. */
const lowest = -10;

/** Below this width only the chosen formats have names. */
const narrow = 660;

/** Labels whose curves end this near to each other, in decibels, stand in one line. */
const lineOfLabels = 4;

/** Mean advance of an 11 pixel label in bold type, on the wide side. */
const characterWidth = 6.6;

/**
 * Signal-to-noise ratio against the spread of the data, one curve for each format, in the manner of figure 2 of the unit
 * scaling paper (arXiv 2303.11257).
 */
export function noiseChart(
  rows: readonly NoiseRow[],
  {
    rounding = "nearest-even",
    formats = ["fp16", "e4m3fn", "e5m2"],
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: NoiseChartOptions = {},
): SVGSVGElement {
  const shown = rows.filter((row) => row.rounding === rounding);
  const isChosen = ({format}: {format: string}) => formats.includes(format);
  const [first, last] = extent(shown.map(({log2_spread}) => log2_spread));
  const top = Math.ceil((Math.max(...shown.map(decibels)) + 6) / 10) * 10;
  const powersPerPixel = (last - first) / (width - margins.marginLeft - margins.marginRight);
  const named = width < narrow ? shown.filter(isChosen) : shown;
  const labels = placeLabels(named, {first, last, powersPerPixel});
  const text = {fontSize: 11, stroke: palette.background, strokeWidth: 4, paintOrder: "stroke"} as const;
  const curve = {x: "log2_spread", y: decibels, z: "format", clip: true} as const;
  const others = shown.filter((row) => !isChosen(row));
  const name = {...text, x: "x", y: "y", dy: -9, text: "title"} as const;
  const step = width < narrow ? 10 : 5;

  const chart = Plot.plot({
    document,
    width,
    height,
    ...margins,
    style: {color: palette.muted, background: "none", fontFamily: chartFont, fontSize: "11px"},
    x: {
      domain: [first, last],
      ticks: multiples(step, first, last),
      tickFormat: (power: number) => (power === 0 ? "1" : powerLabel(power)),
      tickSize: 0,
      label: "spread of the data (standard deviation)",
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: {
      domain: [lowest, top],
      ticks: multiples(10, 0, top),
      tickSize: 0,
      grid: true,
      label: "signal-to-noise ratio, decibels",
      labelArrow: "none",
    },
    marks: [
      Plot.ruleY([0], {stroke: palette.rule}),
      Plot.ruleX([0], {stroke: palette.ink, strokeDasharray: "2 3"}),
      Plot.line(others, {...curve, stroke: palette.rule, strokeWidth: 1.2}),
      Plot.line(shown.filter(isChosen), {...curve, stroke: palette.ink, strokeWidth: 2}),
      Plot.text([0], {
        ...text,
        x: 0,
        frameAnchor: "top",
        dy: -12,
        text: () => "unit spread",
        fill: palette.ink,
        fontWeight: 600,
      }),
      Plot.text(
        labels.filter((label) => !isChosen(label)),
        {...name, fill: palette.muted},
      ),
      Plot.text(labels.filter(isChosen), {...name, fill: palette.ink, fontWeight: 700}),
      Plot.dot(
        shown.filter((row) => isChosen(row) && row.log2_spread === 0),
        {...curve, r: 3.5, fill: palette.ink},
      ),
      Plot.tip(
        shown,
        Plot.pointer({
          x: "log2_spread",
          y: decibels,
          title: (row: NoiseRow) =>
            `${formatLabel(row.format)}\nspread ${spreadText(row.log2_spread)}\n${decibels(row).toFixed(1)} dB, a ratio of ${row.ratio.toPrecision(3)}`,
          fill: palette.background,
          stroke: palette.rule,
          fontSize: 12,
          lineHeight: 1.3,
        }),
      ),
    ],
  });
  return accessibleSvg(
    chart,
    `Signal-to-noise ratio of casts against the spread of the data. ${noiseClaim(shown, formats)}`,
  );
}

interface Label {
  readonly format: string;
  readonly title: string;
  x: number;
  readonly y: number;
}

/** A name above the best stretch of each curve; names at nearly the same height are moved apart. */
function placeLabels(
  rows: readonly NoiseRow[],
  {first, last, powersPerPixel}: {first: number; last: number; powersPerPixel: number},
): Label[] {
  const formats = [...new Set(rows.map(({format}) => format))];
  const labels = formats.map((format): Label => {
    const curve = rows.filter((row) => row.format === format);
    const y = Math.max(...curve.map(decibels));
    const [start, end] = extent(
      curve.filter((row) => decibels(row) > y - 1).map(({log2_spread}) => log2_spread),
    );
    return {format, title: formatLabel(format), x: (start + end) / 2, y};
  });
  const lines: Label[][] = [];
  for (const label of [...labels].sort((a, b) => b.y - a.y)) {
    const line = lines.at(-1);
    if (line && line[0].y - label.y < lineOfLabels) line.push(label);
    else lines.push([label]);
  }
  for (const line of lines) {
    const middles = separate(
      line.map(({x, title}) => ({
        middle: (x - first) / powersPerPixel,
        size: (title.length + 2) * characterWidth,
      })),
      [0, (last - first) / powersPerPixel],
    );
    for (const [i, label] of line.entries()) label.x = first + middles[i] * powersPerPixel;
  }
  return labels;
}

const spreadText = (power: number): string =>
  Number.isInteger(power) ? powerLabel(power) : (2 ** power).toPrecision(3);

const extent = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];

function multiples(step: number, first: number, last: number): number[] {
  const values = [];
  for (let value = Math.ceil(first / step) * step; value <= last; value += step) values.push(value);
  return values;
}
