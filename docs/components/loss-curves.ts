import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import type {LossRow} from "./loss-row.js";
import {lossSentence} from "./loss-sentence.js";
import {type Palette, pagePalette} from "./palette.js";
import {presentSchemes} from "./present-schemes.js";
import {type RecipeStyle, recipeStyles} from "./recipe-styles.js";
import {schemeTitle} from "./scheme-title.js";
import {separate} from "./separate.js";

export interface LossCurvesOptions {
  /** One panel for each, side by side where `width` allows, else below each other. */
  readonly schemes?: readonly string[];
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** What the groups of marks share. */
interface View {
  readonly rows: readonly LossRow[];
  readonly schemes: readonly string[];
  readonly facet: {readonly fx: "scheme"} | {readonly fy: "scheme"};
  readonly tokens: number;
  readonly pixelsPerToken: number;
  /** Loss at a height in a panel, and back. */
  readonly y: (loss: number) => number;
  readonly lossTicks: readonly number[];
  readonly palette: Palette;
  readonly text: Plot.TextOptions;
}

// Pixels from the top of a panel.
const titleY = 16;
const sentenceY = 37;
const axisTitleY = 60;
const plotTop = 80;
const plotBottom = 300;
const tickY = plotBottom + 14;
const panelHeight = 358;

/** Room for the names of the recipes at the ends of their curves. */
const nameWidth = 98;
const leaderWidth = 12;
const tickWidth = 30;
const stackBelow = 660;
const nameHeight = 16;

/**
 * Training loss against tokens, smoothed, with held-out loss as symbols: one panel for each scheme, one curve for each
 * recipe, and the floor that no model can get below.
 */
export function lossCurves(
  rows: readonly LossRow[],
  {
    schemes: wanted = ["standard", "unit"],
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: LossCurvesOptions = {},
): SVGSVGElement {
  const schemes = presentSchemes(rows, wanted);
  const isStacked = width < stackBelow && schemes.length > 1;
  const facet = isStacked ? ({fy: "scheme"} as const) : ({fx: "scheme"} as const);
  const columns = isStacked ? 1 : schemes.length;
  const gap = nameWidth + tickWidth;
  const panelWidth = (width - gap * columns) / columns;
  const tokens = Math.max(...rows.map((row) => row.tokens));
  const [low, high] = lossDomain(rows);
  const view: View = {
    rows: rows.filter((row) => schemes.includes(row.scheme)),
    schemes,
    facet,
    tokens,
    pixelsPerToken: panelWidth / tokens,
    y: (loss) => plotBottom - ((loss - low) / (high - low)) * (plotBottom - plotTop),
    // Below the floor there is nothing but its label.
    lossTicks: steps(Math.max(low, ...rows.map(({floor}) => floor ?? low)), high, 0.5),
    palette,
    text: {...facet, fontSize: 11, fill: palette.muted, textAnchor: "start"},
  };

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * (isStacked ? schemes.length : 1),
    marginTop: 0,
    marginBottom: 0,
    marginLeft: tickWidth,
    marginRight: nameWidth,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, tokens], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {
      domain: schemes,
      axis: null,
      round: false,
      padding: isStacked ? 0 : gap / (panelWidth + gap),
    },
    marks: [axisMarks, floorMarks, curveMarks, nameMarks, headingMarks, tipMark].map((marks) => marks(view)),
  });
  const sentences = schemes.map((scheme) => `${schemeTitle(scheme)}: ${lossSentence(rows, scheme)}.`);
  return accessibleSvg(chart, `Loss while training. ${sentences.join(" ")}`);
}

/** From a little below the floor, or the lowest loss, so that the floor's label has room, to the highest loss. */
function lossDomain(rows: readonly LossRow[]): [number, number] {
  const losses = rows
    .flatMap((row) => [row.training_loss_smooth, row.held_out_loss, row.floor])
    .filter((loss): loss is number => loss !== null && Number.isFinite(loss));
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  return [low - (high - low) * 0.12, high];
}

function steps(low: number, high: number, step: number): number[] {
  const values = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) values.push(i * step);
  return values;
}

function axisMarks({schemes, facet, tokens, y, lossTicks, palette, text}: View): Plot.Markish[] {
  const panels = schemes.map((scheme) => ({scheme}));
  const losses = schemes.flatMap((scheme) => lossTicks.map((loss) => ({scheme, loss})));
  const step = tokenStep(tokens);
  const counts = schemes.flatMap((scheme) => steps(0, tokens, step).map((count) => ({scheme, count})));
  const height = ({loss}: {loss: number}) => y(loss);
  return [
    Plot.link(losses, {
      ...facet,
      x1: 0,
      x2: tokens,
      y1: height,
      y2: height,
      stroke: palette.rule,
      strokeOpacity: 0.5,
    }),
    Plot.text(losses, {
      ...text,
      x: 0,
      dx: -6,
      y: height,
      textAnchor: "end",
      text: ({loss}) => loss.toFixed(1),
      fontVariant: "tabular-nums",
    }),
    Plot.text(panels, {...text, x: 0, y: axisTitleY, dx: 1 - tickWidth, text: () => "nats per token"}),
    Plot.text(counts, {
      ...text,
      x: "count",
      y: tickY,
      textAnchor: "middle",
      text: ({count}) => tokenCount(count),
    }),
    Plot.text(panels, {...text, x: tokens / 2, y: tickY + 17, textAnchor: "middle", text: () => "tokens"}),
  ];
}

/** A round step that gives at most five ticks. */
function tokenStep(tokens: number): number {
  const power = 10 ** Math.floor(Math.log10(tokens / 5));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => tokens / step <= 5)!;
}

function tokenCount(tokens: number): string {
  if (tokens >= 1e6) return `${tokens / 1e6}M`;
  return tokens >= 1e3 ? `${tokens / 1e3}k` : String(tokens);
}

/** The entropy rate of the corpus: the loss of a model that knows the language perfectly. */
function floorMarks({rows, schemes, facet, tokens, y, palette, text}: View): Plot.Markish[] {
  const floors = schemes.flatMap((scheme) => {
    const floor = rows.find((row) => row.scheme === scheme)?.floor;
    return floor === null || floor === undefined ? [] : [{scheme, floor}];
  });
  const height = ({floor}: {floor: number}) => y(floor);
  return [
    Plot.link(floors, {
      ...facet,
      x1: 0,
      x2: tokens,
      y1: height,
      y2: height,
      stroke: palette.ink,
      strokeDasharray: "1 3",
      strokeLinecap: "round",
    }),
    Plot.text(floors, {
      ...text,
      x: 0,
      dx: 5,
      y: height,
      dy: 9,
      text: ({floor}) => `floor ${floor.toFixed(3)}: the entropy of the language`,
      fill: palette.ink,
    }),
  ];
}

/** Curves and symbols; those of a recipe are drawn such that the others show where all coincide. */
function curveMarks({rows, facet, y, palette}: View): Plot.Markish[] {
  const runs = recipeStyles.map((style) => ({
    style,
    run: rows.filter(({recipe}) => recipe === style.recipe),
  }));
  const curves = runs.map(({style: {color, width, opacity, dash, dashOffset}, run}) =>
    Plot.line(run, {
      ...facet,
      x: "tokens",
      y: (row) => y(row.training_loss_smooth),
      stroke: palette[color],
      strokeWidth: width,
      strokeOpacity: opacity,
      strokeDasharray: dash,
      strokeDashoffset: dashOffset,
    }),
  );
  const symbols = runs.map(({style: {color, symbol, radius}, run}) =>
    Plot.dot(
      run.filter((row) => row.held_out_loss !== null),
      {
        ...facet,
        x: "tokens",
        y: (row) => y(row.held_out_loss),
        stroke: palette[color],
        fill: palette.background,
        symbol,
        r: radius,
      },
    ),
  );
  return [...curves, ...symbols];
}

/** The recipes' names at the ends of their curves, moved apart where the curves end together. */
function nameMarks({rows, schemes, facet, tokens, pixelsPerToken, y, palette, text}: View): Plot.Markish[] {
  const names = schemes.flatMap((scheme) => {
    const ends = recipeStyles.flatMap((style) => lastPoint(rows, scheme, style, tokens));
    const heights = separate(
      ends.map((end) => ({middle: y(end.loss), size: nameHeight})),
      [plotTop, plotBottom],
    );
    return ends.map((end, i) => ({...end, scheme, height: heights[i]}));
  });
  return [
    Plot.link(names, {
      ...facet,
      x1: tokens,
      x2: tokens + leaderWidth / pixelsPerToken,
      y1: (end) => y(end.loss),
      y2: "height",
      stroke: (end) => palette[end.color as RecipeStyle["color"]],
      strokeOpacity: 0.5,
    }),
    Plot.text(names, {
      ...text,
      x: tokens,
      dx: leaderWidth + 3,
      y: "height",
      text: "name",
      fill: (end) => palette[end.color as RecipeStyle["color"]],
      fontWeight: 600,
    }),
  ];
}

function lastPoint(rows: readonly LossRow[], scheme: string, style: RecipeStyle, tokens: number) {
  const run = rows.filter(
    (row) =>
      row.scheme === scheme && row.recipe === style.recipe && Number.isFinite(row.training_loss_smooth),
  );
  if (run.length === 0) return [];
  const last = run.reduce((end, row) => (row.step > end.step ? row : end));
  const name = last.tokens < tokens ? `${style.title} ✕` : style.title;
  return [{...style, name, loss: last.training_loss_smooth}];
}

function headingMarks({rows, schemes, palette, text}: View): Plot.Markish[] {
  const panels = schemes.map((scheme) => ({scheme}));
  const line = {...text, x: 0, dx: 1 - tickWidth, fill: palette.ink};
  return [
    Plot.text(panels, {
      ...line,
      y: titleY,
      text: ({scheme}) => schemeTitle(scheme),
      fontSize: 16,
      fontWeight: 700,
    }),
    Plot.text(panels, {
      ...line,
      y: sentenceY,
      text: ({scheme}) => lossSentence(rows, scheme),
      fontSize: 12.5,
    }),
  ];
}

function tipMark({rows, facet, y, palette}: View): Plot.Markish {
  const title = (row: LossRow) => {
    const heldOut = row.held_out_loss === null ? "" : `\nheld-out ${row.held_out_loss.toFixed(4)}`;
    return `${row.recipe}, ${tokenCount(row.tokens)} tokens\ntraining ${row.training_loss_smooth.toFixed(4)}${heldOut}`;
  };
  return Plot.tip(
    rows,
    Plot.pointer({
      ...facet,
      x: "tokens",
      y: (row) => y(row.training_loss_smooth),
      title,
      fill: palette.background,
      stroke: palette.rule,
      fontSize: 12,
      lineHeight: 1.3,
    }),
  );
}
