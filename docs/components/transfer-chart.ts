import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerLabel} from "./power-label.js";
import {presentSchemes} from "./present-schemes.js";
import {recipeTitle} from "./recipe-styles.js";
import {schemeTitle} from "./scheme-title.js";
import {separate} from "./separate.js";
import {bestSentence} from "./transfer-claims.js";
import {bestPoints, type TransferPoint, type TransferRow, transferPoints} from "./transfer-row.js";

export interface TransferChartOptions {
  readonly recipe: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

// Pixels from the top of a panel.
const titleY = 16;
const axisTitleY = 42;
const plotTop = 62;
const plotBottom = 372;
const tickY = plotBottom + 14;
const panelHeight = 424;

const nameWidth = 66;
const tickWidth = 34;
const stackBelow = 660;
const nameHeight = 14;

/** Losses above are cut off: twice as far from the lowest as most models end. */
const highestLoss = 2.6;

/**
 * Held-out loss against the learning rate, one panel for each scheme and one curve for each width; a line joins the
 * lowest points from the narrowest model to the widest.
 */
export function transferChart(
  rows: readonly TransferRow[],
  {recipe, width = 960, palette = pagePalette, document = globalThis.document}: TransferChartOptions,
): SVGSVGElement {
  const points = transferPoints(rows);
  const schemes = presentSchemes(rows, ["standard", "munit"]);
  const shown = points.filter((point) => point.recipe === recipe && schemes.includes(point.scheme));
  const isStacked = width < stackBelow && schemes.length > 1;
  const facet = isStacked ? ({fy: "scheme"} as const) : ({fx: "scheme"} as const);
  const columns = isStacked ? 1 : schemes.length;
  const gap = nameWidth + tickWidth;
  const panelWidth = (width - gap * columns) / columns;
  const powers = points.map(({learning_rate}) => Math.log2(learning_rate));
  const [first, last] = [Math.min(...powers) - 0.25, Math.max(...powers) + 0.25];
  const losses = points.flatMap((point) => point.losses);
  const [low, high] = [Math.min(...losses) - 0.05, Math.min(highestLoss, Math.max(...losses))];
  const y = (loss: number) =>
    plotBottom - ((Math.min(loss, high) - low) / (high - low)) * (plotBottom - plotTop);
  const x = ({learning_rate}: {learning_rate: number}) => Math.log2(learning_rate);
  const widths = [...new Set(shown.map((point) => point.width))].sort((a, b) => a - b);
  const thickness = (value: number) => 1 + widths.indexOf(value) * 0.75;
  const text = {...facet, fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  const curves = schemes.flatMap((scheme) =>
    widths.map((value) =>
      shown
        .filter((point) => point.scheme === scheme && point.width === value && point.loss !== null)
        .sort((a, b) => a.learning_rate - b.learning_rate),
    ),
  );
  const best = schemes.map((scheme) => bestPoints(points, {scheme, recipe}));
  const panels = schemes.map((scheme) => ({scheme}));
  const ticks = (step: number) =>
    schemes.flatMap((scheme) => multiples(step, low, high).map((loss) => ({scheme, loss})));
  const rateTicks = schemes.flatMap((scheme) =>
    multiples(isStacked || panelWidth > 300 ? 1 : 2, first, last).map((power) => ({scheme, power})),
  );
  const names = schemes.flatMap((scheme) => namesOf(curves, scheme, y));

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * (isStacked ? schemes.length : 1),
    marginTop: 0,
    marginBottom: 0,
    marginLeft: tickWidth,
    marginRight: nameWidth,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [first, last], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {
      domain: schemes,
      axis: null,
      round: false,
      padding: isStacked ? 0 : gap / (panelWidth + gap),
    },
    marks: [
      Plot.link(ticks(0.2), {
        ...{...facet, x1: first, x2: last},
        ...{y1: ({loss}) => y(loss), y2: ({loss}) => y(loss), stroke: palette.rule, strokeOpacity: 0.5},
      }),
      Plot.text(ticks(0.2), {
        ...{...text, x: first, dx: -6, y: ({loss}) => y(loss), textAnchor: "end"},
        ...{text: ({loss}) => loss.toFixed(1), fontVariant: "tabular-nums"},
      }),
      Plot.text(panels, {
        ...{...text, x: first, y: titleY, dx: 1 - tickWidth, text: ({scheme}) => schemeTitle(scheme)},
        ...{fontSize: 14, fontWeight: 700, fill: palette.ink},
      }),
      Plot.text(panels, {...text, x: first, y: axisTitleY, dx: 1 - tickWidth, text: () => "nats per token"}),
      Plot.text(rateTicks, {
        ...{...text, x: "power", y: tickY, textAnchor: "middle", text: ({power}) => powerLabel(power)},
      }),
      Plot.text(panels, {
        ...{...text, x: (first + last) / 2, y: tickY + 18, textAnchor: "middle", text: () => "learning rate"},
      }),
      ...curves.map((curve) =>
        Plot.line(curve, {
          ...{...facet, x, y: ({loss}) => y(loss!), stroke: palette.forward},
          strokeWidth: thickness(curve[0]?.width ?? 0),
        }),
      ),
      Plot.dot(
        shown.flatMap((point) => point.losses.map((loss) => ({...point, loss}))),
        {...facet, x, y: ({loss}) => y(loss), r: 1.75, fill: palette.forward},
      ),
      ...best.flatMap((path) => [
        Plot.line(path, {...facet, x, y: ({loss}) => y(loss!), stroke: palette.backward, strokeWidth: 2}),
        Plot.dot(path, {
          ...{...facet, x, y: ({loss}) => y(loss!), r: 5},
          ...{fill: palette.backward, stroke: palette.background, strokeWidth: 1.5},
        }),
      ]),
      Plot.text(names, {
        ...{...text, x: ({rate}) => Math.log2(rate), dx: 8, y: "height", text: "name"},
        ...{fill: palette.forward, fontWeight: 600},
        ...{stroke: palette.background, strokeWidth: 3, paintOrder: "stroke"},
      }),
      Plot.tip(
        shown.filter(({loss}) => loss !== null),
        Plot.pointer({
          ...{...facet, x, y: ({loss}) => y(loss!)},
          title: (point: TransferPoint) =>
            `width ${point.width}, learning rate ${powerLabel(Math.log2(point.learning_rate))}\n` +
            `loss ${point.loss!.toFixed(3)}, seeds ${point.losses.map((loss) => loss.toFixed(3)).join(", ")}`,
          ...{fill: palette.background, stroke: palette.rule, fontSize: 12, lineHeight: 1.3},
        }),
      ),
    ],
  });
  const sentences = schemes.map((scheme) => `${schemeTitle(scheme)}: ${bestSentence(rows, scheme, recipe)}.`);
  return accessibleSvg(
    chart,
    `Held-out loss against learning rate by width, ${recipeTitle(recipe)}. ${sentences.join(" ")}`,
  );
}

/** The widths at the right ends of their curves. */
function namesOf(
  curves: readonly (readonly TransferPoint[])[],
  scheme: string,
  y: (loss: number) => number,
): {scheme: string; name: string; rate: number; height: number}[] {
  const ends = curves.flatMap((curve) => (curve.at(-1)?.scheme === scheme ? [curve.at(-1)!] : []));
  const heights = separate(
    ends.map(({loss}) => ({middle: y(loss!), size: nameHeight})),
    [plotTop - nameHeight / 2, plotBottom],
  );
  return ends.map(({width, learning_rate}, i) => ({
    ...{scheme, name: `width ${width}`, rate: learning_rate, height: heights[i]},
  }));
}

function multiples(step: number, low: number, high: number): number[] {
  const values = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) values.push(i * step);
  return values;
}
