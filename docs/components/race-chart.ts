import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {errorText} from "./error-text.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerLabel} from "./power-label.js";
import type {RaceRow} from "./race-row.js";
import {raceSentence} from "./race-sentence.js";
import {type RaceCurve, type RaceView, raceCurves} from "./race-view.js";
import type {RacerStyle} from "./racer-styles.js";
import {separate} from "./separate.js";
import {type TextWidth, textWidth, widest} from "./text-width.js";

export interface RaceChartOptions extends RaceView {
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

// Pixels from the top of the chart.
const axisTitleY = 14;
const plotTop = 34;
const plotBottom = 386;
const height = 432;

const leaderWidth = 14;
const labelHeight = 17;
const tickWidth = 50;
/** Below this width the racers have short names. */
const narrow = 600;

/** Errors below this share of the result are drawn at it: float32 has nothing smaller to tell apart. */
const smallestError = 1e-9;

/** Mean errors below this are chance: they change with the seed. */
const unseenBias = 1e-6;

/** What the groups of marks share. */
interface Drawing {
  readonly curves: readonly RaceCurve[];
  readonly value: (row: RaceRow) => number;
  /** Height of an error in the chart; null where the logarithm has no place for it. */
  readonly y: (error: number) => number | null;
  readonly ticks: readonly {readonly error: number; readonly label: string}[];
  readonly measure: RaceView["measure"];
  readonly lengths: readonly number[];
  readonly pixelsPerDoubling: number;
  readonly isNarrow: boolean;
  readonly palette: Palette;
  readonly widthOf: TextWidth;
  readonly text: Plot.TextOptions;
}

/**
 * Error against the number of products: one curve for each accumulator, with its name and its error at the end. The mean
 * error on a linear scale, the root mean square error on a logarithmic one.
 */
export function raceChart(
  rows: readonly RaceRow[],
  {
    data,
    operands,
    measure,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: RaceChartOptions,
): SVGSVGElement {
  const curves = raceCurves(rows, {data, operands});
  const isNarrow = width < narrow;
  const names = curves.map((curve) => nameOf(curve, {measure, isNarrow}));
  const widthOf = textWidth(document);
  const namesWidth = widest(names, widthOf, {weight: 600});
  const labelWidth = Math.max(isNarrow ? 132 : 236, leaderWidth + 4 + Math.ceil(namesWidth));
  const lengths = curves[0].points.map(({k}) => k);
  const [first, last] = [Math.log2(lengths[0]), Math.log2(lengths.at(-1)!)];
  const value = (row: RaceRow) => row[measure];
  const drawing: Drawing = {
    curves,
    value,
    ...(measure === "bias" ? linearScale : logarithmicScale)(curves.flatMap(({points}) => points.map(value))),
    measure,
    lengths,
    pixelsPerDoubling: (width - tickWidth - labelWidth) / (last - first),
    isNarrow,
    palette,
    widthOf,
    text: {fontSize: 11, fill: palette.muted, textAnchor: "start"},
  };
  const chart = Plot.plot({
    document,
    width,
    height,
    marginTop: 0,
    marginBottom: 0,
    marginLeft: tickWidth,
    marginRight: labelWidth,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [first, last], axis: null},
    y: {domain: [0, height], range: [0, height], axis: null},
    marks: [axisMarks, curveMarks, nameMarks, noteMarks, tipMark].map((marks) => marks(drawing)),
  });
  return accessibleSvg(chart, raceSentence(rows, {data, operands, measure}));
}

type Scale = Pick<Drawing, "y" | "ticks">;

/** From the largest loss to the largest gain, zero included. */
function linearScale(errors: readonly number[]): Scale {
  const low = Math.min(0, ...errors);
  const high = Math.max(0, ...errors);
  const room = (high - low) * 0.04 || 1;
  const y = (error: number) =>
    plotTop + ((high + room - error) / (high - low + 2 * room)) * (plotBottom - plotTop);
  const step = roundStep((high - low) / 5 || 1);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) {
    ticks.push({error: i * step, label: tickLabel(i * step, step)});
  }
  return {y, ticks};
}

/** Decades from the smallest to the largest error. */
function logarithmicScale(errors: readonly number[]): Scale {
  const positive = errors.filter((error) => error >= smallestError);
  const low = Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.ceil(Math.log10(Math.max(...positive)));
  const y = (error: number) =>
    error < smallestError
      ? null
      : plotBottom - ((Math.log10(error) - low) / (high - low)) * (plotBottom - plotTop);
  const ticks = [];
  for (let power = low; power <= high; power++) {
    const percent = power + 2;
    const label = percent < -3 ? powerLabel(percent, 10) : (10 ** percent).toFixed(Math.max(0, -percent));
    ticks.push({error: 10 ** power, label: `${label}%`});
  }
  return {y, ticks};
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * 0.999)!;
}

function tickLabel(error: number, step: number): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step * 100) + 1e-9));
  return `${(error * 100).toFixed(digits).replace("-", "−")}%`;
}

function axisMarks({measure, y, ticks, lengths, isNarrow, palette, text}: Drawing): Plot.Markish[] {
  const [first, last] = [Math.log2(lengths[0]), Math.log2(lengths.at(-1)!)];
  const labelled = lengths.filter((_, i) => i % (isNarrow ? 4 : 2) === 0);
  const title =
    measure === "bias"
      ? "mean error, relative to the exact result"
      : "root mean square error, relative to the exact result";
  return [
    Plot.link(ticks, {
      x1: first,
      x2: last,
      y1: ({error}) => y(error),
      y2: ({error}) => y(error),
      stroke: ({error}) => (error === 0 ? palette.ink : palette.rule),
      strokeOpacity: 0.5,
    }),
    Plot.text(ticks, {
      ...text,
      x: first,
      dx: -7,
      y: ({error}) => y(error),
      text: "label",
      textAnchor: "end",
      fontVariant: "tabular-nums",
    }),
    Plot.text([title], {...text, x: first, dx: 1 - tickWidth, y: axisTitleY, text: (name) => name}),
    Plot.text(labelled, {
      ...text,
      x: Math.log2,
      y: plotBottom + 18,
      text: (k) => k.toLocaleString("en"),
      textAnchor: "middle",
    }),
    Plot.text([isNarrow ? "products in the sum, K" : "products in the sum, K (each step doubles it)"], {
      ...text,
      x: (first + last) / 2,
      y: plotBottom + 36,
      text: (name) => name,
      textAnchor: "middle",
    }),
  ];
}

function curveMarks({curves, value, y, palette}: Drawing): Plot.Markish[] {
  return [...curves].reverse().map(({style: {color, width, dash}, points}) =>
    Plot.line(points, {
      x: ({k}) => Math.log2(k),
      y: (row) => y(value(row)),
      stroke: palette[color],
      strokeWidth: width,
      strokeDasharray: dash,
      strokeLinecap: "round",
    }),
  );
}

/** The name of a curve, with its last error where there is room. */
function nameOf(
  {style, last}: RaceCurve,
  {measure, isNarrow}: Pick<Drawing, "measure" | "isNarrow">,
): string {
  if (isNarrow) return style.short;
  const isUnseen = measure === "bias" && Math.abs(last.bias) < unseenBias;
  return `${style.title}  ${isUnseen ? "≈ 0%" : errorText(last[measure])}`;
}

/** Names and errors at the ends of the curves, moved apart where the curves end together. */
function nameMarks({
  curves,
  value,
  y,
  measure,
  pixelsPerDoubling,
  isNarrow,
  palette,
  text,
}: Drawing): Plot.Markish[] {
  const ends = curves.map((curve) => ({
    style: curve.style,
    x: Math.log2(curve.last.k),
    end: y(value(curve.last)) ?? plotBottom,
    name: nameOf(curve, {measure, isNarrow}),
  }));
  const heights = separate(
    ends.map(({end}) => ({middle: end, size: labelHeight})),
    [plotTop - 10, plotBottom + 10],
  );
  const names = ends.map((end, i) => ({...end, height: heights[i]}));
  const place = {
    ...text,
    x: "x",
    y: "height",
    fill: ({style}: {style: RacerStyle}) => palette[style.color],
  };
  return [
    Plot.link(names, {
      x1: "x",
      x2: ({x}) => x + leaderWidth / pixelsPerDoubling,
      y1: "end",
      y2: "height",
      stroke: ({style}: {style: RacerStyle}) => palette[style.color],
      strokeOpacity: 0.5,
    }),
    Plot.text(names, {
      ...place,
      dx: leaderWidth + 3,
      text: "name",
      fontWeight: 600,
    }),
  ];
}

/** The largest error at 4,096 products, a usual length, pointed out on its curve. */
function noteMarks({
  curves,
  value,
  y,
  measure,
  lengths,
  pixelsPerDoubling,
  palette,
  widthOf,
  text,
}: Drawing): Plot.Markish[] {
  const k = lengths.includes(4096) ? 4096 : lengths.at(-1)!;
  const candidates = curves.flatMap(({style, points}) =>
    points.filter((point) => point.k === k).map((row) => ({style, error: value(row)})),
  );
  const {style, error} = candidates.reduce((worst, candidate) =>
    Math.abs(candidate.error) > Math.abs(worst.error) ? candidate : worst,
  );
  const place = {x: Math.log2(k), y: y(error)};
  const isBelow = measure === "bias";
  const note = `${errorText(error)} at K = ${k.toLocaleString("en")}`;
  const noteWidth = widthOf(note, {size: 12.5, weight: 600});
  const atPixel = tickWidth + (place.x - Math.log2(lengths[0])) * pixelsPerDoubling;
  return [
    Plot.dot([place], {x: "x", y: "y", r: 4, fill: palette[style.color], stroke: palette.background}),
    Plot.text([place], {
      ...text,
      x: "x",
      y: "y",
      dx: Math.max(-10, noteWidth + 2 - atPixel),
      dy: isBelow ? 12 : -8,
      textAnchor: "end",
      fill: palette.ink,
      fontSize: 12.5,
      fontWeight: 600,
      stroke: palette.background,
      strokeWidth: 4,
      text: () => note,
    }),
  ];
}

function tipMark({curves, value, y, palette}: Drawing): Plot.Markish {
  const points = curves.flatMap(({style, points}) =>
    points.map((row) => ({row, style, height: y(value(row))})),
  );
  return Plot.tip(
    points.filter(({height}) => height !== null),
    Plot.pointer({
      x: ({row}) => Math.log2(row.k),
      y: "height",
      title: ({row, style}) =>
        `${style.title}, K = ${row.k.toLocaleString("en")}\nmean error ${errorText(row.bias)}\nroot mean square ${errorText(row.rms)}`,
      fill: palette.background,
      stroke: palette.rule,
      fontSize: 12,
      lineHeight: 1.3,
    }),
  );
}
