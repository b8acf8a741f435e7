import * as Plot from "npm:@observablehq/plot";
import {histogramExponents} from "../src/training/run-record.js";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {formatRange} from "./format-range.js";
import {type HistogramBin, histogramBins} from "./histogram-bins.js";
import {histogramSentence} from "./histogram-sentence.js";
import {lostShares, type RecordedFormat, recordedFormats} from "./lost-shares.js";
import {type Palette, pagePalette} from "./palette.js";
import {percentage} from "./percentage.js";
import {powerLabel} from "./power-label.js";
import {presentSchemes} from "./present-schemes.js";
import {schemeTitle} from "./scheme-title.js";
import {separate} from "./separate.js";
import {shownRows} from "./shown-rows.js";
import {type TensorStyle, tensorStyles} from "./tensor-styles.js";
import type {VarianceRow} from "./variance-row.js";

export interface ExponentHistogramOptions {
  readonly stage?: string;
  readonly recipe?: string;
  readonly layer: string;
  /** The tensor drawn as bars; the layer's others are outlines. */
  readonly tensor: string;
  readonly format?: RecordedFormat;
  /** One panel for each, below each other. */
  readonly schemes?: readonly string[];
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** What becomes of values in a part of the axis, and how many do. */
interface Zone {
  readonly scheme: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly share: number;
  readonly shade: number;
}

/** What the groups of marks share. */
interface View {
  /** The layer's rows, of all four tensors. */
  readonly rows: readonly VarianceRow[];
  readonly schemes: readonly string[];
  readonly tensor: string;
  readonly format: RecordedFormat;
  /** Powers of two at the ends of the axis. */
  readonly low: number;
  readonly high: number;
  readonly pixelsPerPower: number;
  /** The share at the top of the bars, and the height of a share in a panel. */
  readonly tallest: number;
  readonly barY: (share: number) => number;
  readonly palette: Palette;
  readonly text: Plot.TextOptions;
}

// Pixels from the top of a panel.
const headingYs = [16, 37];
const zoneYs = [65, 81];
const labelYs = {forward: 106, backward: 122};
const barsTop = 146;
const barsBottom = 256;
const spreadY = 265;
const tickY = 282;
const panelHeight = 330;

const margin = 14;

/** Shares of no values at all. */
const nothing = {underflow: Number.NaN, overflow: Number.NaN};

/** Mean advance of an 11 pixel label in bold type, on the wide side. */
const characterWidth = 6.3;

/** Bins with a smaller share are too low to see and do not widen the axis. */
const visibleShare = 0.01;

/**
 * How many elements of one layer's tensors have which magnitude, over the range of a number format: the picture of
 * figure 1 of the unit scaling paper (arXiv 2303.11257). Bars that a cast to the format loses are hollow.
 */
export function exponentHistogram(
  rows: readonly VarianceRow[],
  {
    stage = "initial",
    recipe = "fp32",
    layer,
    tensor,
    format = "e5m2",
    schemes: wanted = ["standard", "unit"],
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: ExponentHistogramOptions,
): SVGSVGElement {
  const schemes = presentSchemes(rows, wanted);
  const shown = shownRows(rows, {stage, recipe, schemes}).filter((row) => row.layer === layer);
  const seen = visibleExponents(rows);
  const ranges = recordedFormats.map(formatRange);
  const low = Math.min(seen.first, ...ranges.map(({smallest}) => smallest - 4));
  const high = Math.max(seen.last, ...ranges.map(({largest}) => Math.ceil(largest) + 3)) + 1;
  const tallest = Math.max(typicalPeak(rows), ...shown.map(peak));
  const view: View = {
    rows: shown,
    schemes,
    tensor,
    format,
    low,
    high,
    pixelsPerPower: (width - 2 * margin) / (high - low),
    tallest,
    barY: (share) => barsBottom - (share / tallest) * (barsBottom - barsTop),
    palette,
    text: {fy: "scheme", fontSize: 11, fill: palette.muted, textAnchor: "middle"},
  };

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * schemes.length,
    marginTop: 0,
    marginBottom: 0,
    marginLeft: margin,
    marginRight: margin,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [low, high], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    fy: {domain: schemes, axis: null, round: false, padding: 0},
    marks: [zoneMarks, axisMarks, barMarks, spreadMarks, labelMarks, headingMarks].map((marks) =>
      marks(view),
    ),
  });
  const sentences = chosenRows(view).map(
    (row) => `${schemeTitle(row.scheme)}: ${histogramSentence(row, format)}.`,
  );
  return accessibleSvg(chart, `Magnitudes of the ${tensor}s of ${layer}. ${sentences.join(" ")}`);
}

// Plain loops: this looks at every bin of every tensor each time the chart is drawn.
function visibleExponents(rows: readonly VarianceRow[]): {first: number; last: number} {
  let first: number = histogramExponents.max;
  let last: number = histogramExponents.min;
  for (const {histogram} of rows) {
    for (let i = 0; i < histogram.length; i++) {
      if (histogram[i] < visibleShare) continue;
      first = Math.min(first, histogramExponents.min + i);
      last = Math.max(last, histogramExponents.min + i);
    }
  }
  return {first, last};
}

function peak({histogram}: VarianceRow): number {
  let highest = 0;
  for (let i = 0; i < histogram.length; i++) highest = Math.max(highest, histogram[i]);
  return highest;
}

/** A height that nearly all histograms of the data keep below, so that the scale holds still from layer to layer. */
function typicalPeak(rows: readonly VarianceRow[]): number {
  const peaks = rows.map(peak).sort((a, b) => a - b);
  return peaks[Math.floor(0.95 * (peaks.length - 1))];
}

/** The rows of the tensor that is drawn as bars, one for each scheme. */
const chosenRows = ({rows, schemes, tensor}: View) =>
  schemes.flatMap((scheme) => rows.filter((row) => row.scheme === scheme && row.tensor === tensor));

/** The parts of the axis, from values that vanish to values that do not fit; without shares if every value is zero. */
function zonesOf(row: VarianceRow, {format, low, high}: View): Zone[] {
  const {smallest, smallestNormal, largest} = formatRange(format);
  const {underflow, overflow} = row.zeros < 1 ? lostShares(row, format) : nothing;
  // Half of the smallest value still rounds to zero, so the zone of zero ends a power below it.
  const zeroEnd = smallest - 1;
  const isSubnormal = ({exponent}: HistogramBin) => exponent >= zeroEnd && exponent < smallestNormal;
  const counted = histogramBins(row)
    .filter(isSubnormal)
    .reduce((sum, {share}) => sum + share, 0);
  const subnormal = counted / (1 - row.zeros);
  const {scheme} = row;
  return [
    {scheme, name: "to zero", start: low, end: zeroEnd, share: underflow, shade: 0},
    {scheme, name: "subnormal", start: zeroEnd, end: smallestNormal, share: subnormal, shade: 0.055},
    {
      scheme,
      name: "normal",
      start: smallestNormal,
      end: largest,
      share: Math.max(0, 1 - underflow - overflow - subnormal),
      shade: 0.11,
    },
    {scheme, name: "too large", start: largest, end: high, share: overflow, shade: 0},
  ];
}

/** Shading and, above it, the share of the elements that fall into each part. */
function zoneMarks(view: View): Plot.Markish[] {
  const {low, high, pixelsPerPower, palette, text} = view;
  const zones = chosenRows(view).flatMap((row) => {
    const ofRow = zonesOf(row, view);
    const middles = separate(
      ofRow.map(({name, start, end}) => ({
        middle: ((start + end) / 2 - low) * pixelsPerPower,
        size: (name.length + 2) * characterWidth,
      })),
      [0, (high - low) * pixelsPerPower],
    );
    return ofRow.map((zone, i) => ({...zone, x: low + middles[i] / pixelsPerPower}));
  });
  const counted = zones.filter(({share}) => Number.isFinite(share));
  return [
    Plot.rect(zones, {
      fy: "scheme",
      x1: "start",
      x2: "end",
      y1: zoneYs[0] - 12,
      y2: barsBottom,
      fill: palette.ink,
      fillOpacity: (zone) => zone.shade,
    }),
    Plot.text(zones, {...text, x: "x", y: zoneYs[0], text: "name"}),
    Plot.text(counted, {
      ...text,
      x: "x",
      y: zoneYs[1],
      text: (zone) => percentage(zone.share),
      fill: palette.ink,
      fontWeight: 700,
      fontVariant: "tabular-nums",
    }),
  ];
}

/** The chosen tensor as bars, hollow where the cast loses them, and the layer's other tensors as outlines. */
function barMarks(view: View): Plot.Markish[] {
  const {rows, tensor, format, low, high, barY, palette} = view;
  const {smallest, largest} = formatRange(format);
  const isLost = ({exponent}: HistogramBin) => exponent < smallest - 1 || exponent >= largest;
  const bins = chosenRows(view)
    .flatMap(histogramBins)
    .filter(({exponent, share}) => exponent >= low && exponent < high && share > 0);
  const stroke = palette[styleOf(tensor).direction];
  const bar = {
    fy: "scheme",
    x1: (bin: HistogramBin) => bin.exponent,
    x2: (bin: HistogramBin) => bin.exponent + 1,
    y1: barsBottom,
    y2: (bin: HistogramBin) => barY(bin.share),
    stroke,
    insetLeft: 1,
    insetRight: 1,
  } as const;
  const outlines = tensorStyles
    .filter((style) => style.tensor !== tensor)
    .map((style) =>
      Plot.line(
        rows
          .filter((row) => row.tensor === style.tensor)
          .flatMap(histogramBins)
          .filter(({exponent}) => exponent >= low && exponent <= high),
        {
          fy: "scheme",
          x: "exponent",
          y: (bin) => barY(bin.share),
          curve: "step-after",
          stroke: palette[style.direction],
          strokeOpacity: 0.55,
          strokeDasharray: style.isParameter ? "4 3" : undefined,
        },
      ),
    );
  return [
    Plot.rect(
      bins.filter((bin) => !isLost(bin)),
      {...bar, fill: stroke, fillOpacity: 0.75},
    ),
    Plot.rect(bins.filter(isLost), {...bar, fill: palette.background, fillOpacity: 0.6}),
    ...outlines,
  ];
}

/** Powers of two below, shares of the elements at the right. */
function axisMarks({schemes, low, high, tallest, barY, palette, text}: View): Plot.Markish[] {
  const panels = schemes.map((scheme) => ({scheme}));
  const powers: number[] = [];
  for (let power = Math.ceil(low / 8) * 8; power <= high; power += 8) powers.push(power);
  const shares: number[] = [];
  const step = tallest > 0.5 ? 0.2 : 0.1;
  for (let i = 1; i * step < tallest; i++) shares.push(i * step);
  const powerTicks = schemes.flatMap((scheme) => powers.map((power) => ({scheme, power})));
  const shareTicks = schemes.flatMap((scheme) => shares.map((share) => ({scheme, share})));
  const y = ({share}: {share: number}) => barY(share);
  return [
    Plot.link(shareTicks, {
      fy: "scheme",
      x1: low,
      x2: high,
      y1: y,
      y2: y,
      stroke: palette.rule,
      strokeOpacity: 0.5,
    }),
    Plot.ruleX(panels, {fy: "scheme", x: 0, y1: barsTop - 8, y2: barsBottom, stroke: palette.ink}),
    Plot.text(shareTicks, {
      ...text,
      x: high,
      y,
      dy: -7,
      textAnchor: "end",
      text: ({share}) => percentage(share),
    }),
    Plot.text(powerTicks, {
      ...text,
      x: "power",
      y: tickY,
      text: ({power}) => (power === 0 ? "1" : powerLabel(power)),
    }),
    Plot.text(panels, {
      ...text,
      x: (low + high) / 2,
      y: tickY + 17,
      text: () => "magnitude; heights are shares of the elements",
    }),
  ];
}

/** The ground line, and on it the spread, with the symbol that the tensor has in the variance chart. */
function spreadMarks(view: View): Plot.Markish[] {
  const {schemes, tensor, low, high, palette, text} = view;
  const panels = schemes.map((scheme) => ({scheme}));
  const {direction, isParameter} = styleOf(tensor);
  const spreads = chosenRows(view).filter((row) => row.spread > 0);
  const position = {fy: "scheme", x: (row: VarianceRow) => Math.log2(row.spread), y: spreadY} as const;
  return [
    Plot.link(panels, {
      fy: "scheme",
      x1: low,
      x2: high,
      y1: barsBottom,
      y2: barsBottom,
      stroke: palette.rule,
    }),
    Plot.dot(spreads, {
      ...position,
      symbol: isParameter ? "diamond" : "circle",
      stroke: palette[direction],
      fill: isParameter ? palette.background : palette[direction],
      r: 3.5,
    }),
    Plot.text(spreads, {...text, ...position, dx: 9, textAnchor: "start", text: () => "spread"}),
  ];
}

/** The names of the four tensors above their peaks. */
function labelMarks({
  rows,
  schemes,
  tensor,
  low,
  high,
  pixelsPerPower,
  barY,
  palette,
  text,
}: View): Plot.Markish[] {
  const labels = schemes.flatMap((scheme) =>
    (["forward", "backward"] as const).flatMap((direction) => {
      const peaks = tensorStyles
        .filter((style) => style.direction === direction)
        .flatMap((style) =>
          rows
            .filter((row) => row.scheme === scheme && row.tensor === style.tensor && row.spread > 0)
            .map((row) => ({
              ...style,
              ...histogramBins(row).reduce((top, bin) => (bin.share > top.share ? bin : top)),
            })),
        );
      const middles = separate(
        peaks.map(({exponent, plural}) => ({
          middle: (exponent + 0.5 - low) * pixelsPerPower,
          size: (plural.length + 2) * characterWidth,
        })),
        [0, (high - low) * pixelsPerPower],
      );
      return peaks.map((peak, i) => ({...peak, x: low + middles[i] / pixelsPerPower}));
    }),
  );
  const color = ({direction}: TensorStyle) => palette[direction];
  const name = {
    ...text,
    x: "x",
    y: ({direction}: TensorStyle) => labelYs[direction],
    text: "plural",
    fill: color,
  } as const;
  return [
    Plot.link(labels, {
      fy: "scheme",
      x1: "x",
      x2: ({exponent}) => exponent + 0.5,
      y1: ({direction}) => labelYs[direction as "forward"] + 7,
      y2: ({share}) => barY(share) - 2,
      stroke: color,
      strokeOpacity: 0.45,
    }),
    Plot.text(
      labels.filter((label) => label.tensor === tensor),
      {...name, fontWeight: 700},
    ),
    Plot.text(
      labels.filter((label) => label.tensor !== tensor),
      name,
    ),
  ];
}

function headingMarks(view: View): Plot.Markish[] {
  const {low, palette, text} = view;
  const line = {...text, x: low, dx: 0, fill: palette.ink, textAnchor: "start"} as const;
  const rows = chosenRows(view);
  return [
    Plot.text(rows, {
      ...line,
      y: headingYs[0],
      text: ({scheme}) => schemeTitle(scheme),
      fontSize: 16,
      fontWeight: 700,
    }),
    Plot.text(rows, {
      ...line,
      y: headingYs[1],
      text: (row) => histogramSentence(row, view.format),
      fontSize: 13,
    }),
  ];
}

const styleOf = (tensor: string): TensorStyle => tensorStyles.find((style) => style.tensor === tensor)!;
