import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import type {RecipeLossRow} from "./recipe-loss-row.js";
import {recipeTitle} from "./recipe-styles.js";
import {separate} from "./separate.js";
import {textWidth, widest} from "./text-width.js";

export interface RecipeLossOptions {
  /** The two recipes whose curves stand out. */
  readonly a: string;
  readonly b: string;
  /** Entropy rate of the data in nats per token, where it is known. */
  readonly floor: number | null;
  /** What stands over the axis of losses. */
  readonly title?: string;
  /** Steps of a run that does not end early. */
  readonly steps: number;
  /** The chart in a sentence. */
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

// Pixels from the top of the chart.
const axisTitleY = 12;
const plotTop = 28;
const plotBottom = 392;
const height = 438;

const tickWidth = 34;
const leaderWidth = 18;
const nameHeight = 15.5;
/** Below this width names are set smaller. */
const narrow = 600;

interface Curve {
  readonly recipe: string;
  readonly points: readonly RecipeLossRow[];
  readonly last: RecipeLossRow;
}

/** Loss against steps, one curve for each recipe under one scheme, with all names at the ends. */
export function recipeLossChart(
  rows: readonly RecipeLossRow[],
  {
    a,
    b,
    floor,
    steps,
    title = "nats per token",
    label,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: RecipeLossOptions,
): SVGSVGElement {
  const curves = lossCurvesOf(rows);
  const fontSize = width < narrow ? 10 : 11;
  const titles = curves.map((curve) => nameOf(curve, steps));
  const titlesWidth = widest(titles, textWidth(document), {size: fontSize, weight: 700});
  const nameWidth = Math.max(width < narrow ? 118 : 168, leaderWidth + 4 + Math.ceil(titlesWidth));
  const right = width - nameWidth;
  const losses = rows.map(({loss}) => loss).filter(Number.isFinite);
  const low = Math.min(...losses, floor ?? Number.POSITIVE_INFINITY);
  const high = Math.max(...losses);
  const room = (high - low) * 0.03;
  const x = (step: number) => tickWidth + (step / steps) * (right - tickWidth);
  const y = (loss: number) =>
    plotBottom - ((loss - low + room) / (high - low + 2 * room)) * (plotBottom - plotTop);
  const color = ({recipe}: {recipe: string}) =>
    recipe === a ? palette.fp8 : recipe === b ? palette.scaled : palette.muted;
  const isChosen = ({recipe}: {recipe: string}) => recipe === a || recipe === b;
  const text = {fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  const names = placedNames(curves, {steps, y});
  const others = curves.filter((curve) => !isChosen(curve));
  const tickStep = roundStep((high - low) / 6 || 1);
  const lossTicks = ticksBetween(low, high, tickStep);
  const decimals = Math.max(1, -Math.floor(Math.log10(tickStep)));
  const line = (curve: Curve, options: Plot.LineYOptions) =>
    Plot.line(curve.points, {x: ({step}) => x(step), y: ({loss}) => y(loss), ...options});

  const chart = Plot.plot({
    document,
    width,
    height,
    margin: 0,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, width], range: [0, width], axis: null},
    y: {domain: [0, height], range: [0, height], axis: null},
    marks: [
      Plot.link(lossTicks, {
        ...{x1: tickWidth, x2: right, y1: y, y2: y},
        stroke: palette.rule,
        strokeOpacity: 0.5,
      }),
      Plot.text(lossTicks, {
        ...text,
        x: tickWidth - 6,
        y,
        textAnchor: "end",
        text: (loss) => loss.toFixed(decimals).replace("-", "−"),
      }),
      Plot.text([title], {...text, x: 0, y: axisTitleY, text: (words) => words}),
      Plot.text(ticksBetween(0, steps, steps / 4), {
        ...text,
        x,
        y: plotBottom + 14,
        textAnchor: "middle",
        text: String,
      }),
      Plot.text(["step"], {...text, x: (tickWidth + right) / 2, y: plotBottom + 31, text: (word) => word}),
      ...floorMarks(floor, {x1: tickWidth, x2: right, y, palette, text}),
      ...others.map((curve) => line(curve, {stroke: palette.muted, strokeWidth: 1, strokeOpacity: 0.55})),
      ...curves
        .filter(({recipe}) => recipe === b)
        .map((curve) => line(curve, {stroke: palette.scaled, strokeWidth: 2.5})),
      ...curves
        .filter(({recipe}) => recipe === a)
        .map((curve) => line(curve, {stroke: palette.fp8, strokeWidth: 2.5, strokeDasharray: "7 3"})),
      Plot.link(names, {
        x1: ({last}) => x(last.step),
        x2: right + leaderWidth,
        y1: ({last}) => y(last.loss),
        y2: "height",
        stroke: color,
        strokeOpacity: (name) => (isChosen(name) ? 0.9 : 0.35),
      }),
      ...[400, 700].map((fontWeight) =>
        Plot.text(
          names.filter((name) => isChosen(name) === fontWeight > 400),
          {...text, fontSize, fontWeight, x: right + leaderWidth + 3, y: "height", text: "name", fill: color},
        ),
      ),
      tipMark(
        curves.flatMap(({points}) => points),
        {x, y, palette},
      ),
    ],
  });
  return accessibleSvg(chart, label);
}

function lossCurvesOf(rows: readonly RecipeLossRow[]): Curve[] {
  return [...new Set(rows.map(({recipe}) => recipe))].flatMap((recipe) => {
    const points = rows.filter((row) => row.recipe === recipe && Number.isFinite(row.loss));
    return points.length === 0 ? [] : [{recipe, points, last: points.at(-1)!}];
  });
}

/** Names in the order of the last losses, moved apart. */
function placedNames(curves: readonly Curve[], {steps, y}: {steps: number; y: (loss: number) => number}) {
  const heights = separate(
    curves.map(({last}) => ({middle: y(last.loss), size: nameHeight})),
    [plotTop - 20, height],
  );
  return curves.map((curve, i) => ({...curve, height: heights[i], name: nameOf(curve, steps)}));
}

/** The name of a curve, with a cross where the run ended early. */
function nameOf({recipe, points, last}: Curve, steps: number): string {
  const isCut = last.step + points[0].step <= steps;
  return recipeTitle(recipe) + (isCut ? " ✕" : "");
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * 0.999)!;
}

function ticksBetween(low: number, high: number, step: number): number[] {
  const values = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) values.push(i * step);
  return values;
}

/** The entropy rate of the corpus: the loss of a model that knows the language perfectly. */
function floorMarks(
  floor: number | null,
  {
    x1,
    x2,
    y,
    palette,
    text,
  }: {x1: number; x2: number; y: (loss: number) => number; palette: Palette; text: Plot.TextOptions},
): Plot.Markish[] {
  if (floor === null) return [];
  return [
    Plot.link([floor], {
      x1,
      x2,
      y1: y,
      y2: y,
      stroke: palette.ink,
      strokeDasharray: "1 3",
      strokeLinecap: "round",
    }),
    Plot.text([floor], {
      ...text,
      x: x1 + 5,
      y,
      dy: -9,
      text: (loss) => `floor ${loss.toFixed(3)}${x2 < narrow ? "" : ": the entropy of the language"}`,
      fill: palette.ink,
    }),
  ];
}

function tipMark(
  rows: readonly RecipeLossRow[],
  {x, y, palette}: {x: (step: number) => number; y: (loss: number) => number; palette: Palette},
): Plot.Markish {
  return Plot.tip(
    rows,
    Plot.pointer({
      x: ({step}) => x(step),
      y: ({loss}) => y(loss),
      title: ({recipe, step, loss}) => `${recipeTitle(recipe)}, step ${step}\nloss ${loss.toFixed(4)}`,
      fill: palette.background,
      stroke: palette.rule,
      fontSize: 12,
      lineHeight: 1.3,
    }),
  );
}
