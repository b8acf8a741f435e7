import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {type SequencePoint, type SequenceRow, sequencePoints, trainings} from "./sequence-row.js";
import {sequenceClaim, sequenceSentence} from "./sequence-sentence.js";
import {fitting, textWidth} from "./text-width.js";

export interface SequenceChartOptions {
  /** `fp16` or `fp8`. */
  readonly recipe: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** Colours and names of the sequence layers. */
export const sequenceStyles = [
  {layer: "attention", color: "forward"},
  {layer: "convolution", color: "scaled"},
  {layer: "recurrent", color: "fp8"},
] as const satisfies readonly {layer: string; color: keyof Palette}[];

/** Symbols and names of the optimizers. */
const optimizerStyles = [
  {optimizer: "adamw", title: "AdamW", symbol: "circle"},
  {optimizer: "sgd", title: "SGD", symbol: "square"},
] as const;

/** Of the axis across, from the fullest on. */
const xTitles = ["regular training in FP32, nats per token", "regular FP32, nats per token"];

const stackBelow = 660;
/** Below this width the names of layers and optimizers stand closer together. */
const narrowLegend = 480;
const tickWidth = 36;
const panelGap = 16;
const marginRight = 14;
const legendY = 60;
const plotTop = 112;
const axisHeight = 44;
/** Room above the plot for runs that diverged, or ended so many times above all references. */
const lostHeight = 18;
const lostFactor = 2;

/** Loss in few bits against loss in regular fp32, one panel for each way to train; on the diagonal nothing is lost. */
export function sequenceChart(
  rows: readonly SequenceRow[],
  {recipe, width = 960, palette = pagePalette, document = globalThis.document}: SequenceChartOptions,
): SVGSVGElement {
  const widthOf = textWidth(document);
  const points = sequencePoints(rows, recipe);
  const isStacked = width < stackBelow;
  const columns = isStacked ? 1 : trainings.length;
  const panelWidth = (width - tickWidth - marginRight - (panelGap + tickWidth) * (columns - 1)) / columns;
  const plotHeight = Math.min(panelWidth, 300);
  const plotBottom = plotTop + plotHeight;
  const panelHeight = plotBottom + axisHeight;
  const facet = isStacked ? ({fy: "training"} as const) : ({fx: "training"} as const);
  const text = {...facet, fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  // Both axes are those of all precisions, so that a switch between them moves only the points.
  const all = ["fp16", "fp8"].flatMap((each) => sequencePoints(rows, each));
  const [xLow, xHigh] = extent(all.map(({reference}) => reference));
  const isLost = (loss: number) => loss > lostFactor * xHigh;
  const [yLow, yHigh] = extent(
    all.flatMap(({reference, losses}) => [reference, ...losses]).filter((loss) => !isLost(loss)),
  );
  const height = (loss: number) =>
    isLost(loss) ? plotTop - lostHeight / 2 : plotBottom - ((loss - yLow) / (yHigh - yLow)) * plotHeight;
  const panels = trainings.map(({training, title}) => ({training, title}));
  const inPanels = <T extends object>(items: readonly T[]) =>
    panels.flatMap((panel) => items.map((item) => ({...panel, ...item})));
  const color = ({sequence_layer}: SequencePoint) =>
    palette[sequenceStyles.find(({layer}) => layer === sequence_layer)?.color ?? "ink"];
  const symbol = ({optimizer}: SequencePoint) =>
    optimizerStyles.find((style) => style.optimizer === optimizer)?.symbol ?? "circle";
  const seeds = points.flatMap((point) => point.losses.map((loss) => ({...point, loss})));
  const xTicks = ticksOf(xLow, xHigh).map((loss) => ({loss}));
  const yTicks = ticksOf(yLow, yHigh).map((loss) => ({loss}));

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * (isStacked ? trainings.length : 1),
    marginTop: 0,
    marginBottom: 0,
    marginLeft: tickWidth,
    marginRight,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [xLow, xHigh], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {
      domain: panels.map(({training}) => training),
      axis: null,
      round: false,
      padding: isStacked ? 0 : (panelGap + tickWidth) / (panelWidth + panelGap + tickWidth),
    },
    marks: [
      Plot.link(inPanels(yTicks), {
        ...facet,
        x1: xLow,
        x2: xHigh,
        y1: ({loss}) => height(loss),
        y2: ({loss}) => height(loss),
        stroke: palette.rule,
        strokeOpacity: 0.5,
      }),
      Plot.text(inPanels(yTicks), {
        ...text,
        x: xLow,
        dx: -7,
        y: ({loss}) => height(loss),
        textAnchor: "end",
        text: ({loss}) => loss.toFixed(1),
      }),
      Plot.text(inPanels(xTicks), {
        ...text,
        x: "loss",
        y: plotBottom + 14,
        textAnchor: "middle",
        text: ({loss}) => loss.toFixed(1),
      }),
      Plot.text(inPanels([{}]), {
        ...text,
        x: (xLow + xHigh) / 2,
        y: plotBottom + 31,
        textAnchor: "middle",
        text: () => fitting(xTitles, panelWidth + 2 * marginRight - 2, widthOf),
      }),
      Plot.link(inPanels([{}]), {
        ...facet,
        x1: Math.max(xLow, yLow),
        x2: Math.min(xHigh, yHigh),
        y1: height(Math.max(xLow, yLow)),
        y2: height(Math.min(xHigh, yHigh)),
        stroke: palette.ink,
        strokeDasharray: "1 3",
      }),
      Plot.text(panels, {
        ...text,
        x: xLow,
        dx: 1 - tickWidth,
        y: 16,
        text: "title",
        fontSize: 16,
        fontWeight: 700,
        fill: palette.ink,
      }),
      Plot.text(panels, {
        ...text,
        x: xLow,
        dx: 1 - tickWidth,
        y: 37,
        text: ({training}) => sequenceSentence(points, training),
        fontSize: 12.5,
        fill: palette.ink,
      }),
      Plot.text(panels, {
        ...text,
        x: xLow,
        dx: 1 - tickWidth,
        y: plotTop - lostHeight - 10,
        text: () => `in ${recipe.toUpperCase()}, nats per token`,
      }),
      Plot.dot(seeds, {
        ...facet,
        x: "reference",
        y: ({loss}) => height(loss),
        symbol: (point) => (isLost(point.loss) ? "times" : symbol(point)),
        r: 2.4,
        stroke: color,
        strokeOpacity: 0.8,
      }),
      Plot.dot(
        points.filter(({median}) => !isLost(median)),
        {
          ...facet,
          x: "reference",
          y: ({median}) => height(median),
          symbol,
          r: 5,
          stroke: color,
          fill: color,
          fillOpacity: 0.35,
          strokeWidth: 1.5,
        },
      ),
      ...legend(panels[0].training, {facet, text, xLow, palette, isNarrow: width < narrowLegend, width}),
      Plot.tip(
        points,
        Plot.pointer({
          ...facet,
          x: "reference",
          y: ({median}) => height(median),
          title: (point: SequencePoint) =>
            `${point.sequence_layer}, ${optimizerTitle(point.optimizer)}\nFP32 regular ${point.reference.toFixed(3)}\nseeds ${point.losses.map((loss) => (Number.isFinite(loss) ? loss.toFixed(3) : "diverged")).join(", ")}`,
          fill: palette.background,
          stroke: palette.rule,
          fontSize: 12,
          lineHeight: 1.3,
        }),
      ),
    ],
  });
  return accessibleSvg(chart, `${sequenceClaim(rows, recipe)}.`);
}

const optimizerTitle = (optimizer: string): string =>
  optimizerStyles.find((style) => style.optimizer === optimizer)?.title ?? optimizer;

/** One line above the first panel: the colours of the sequence layers and the symbols of the optimizers. */
function legend(
  training: string,
  {
    facet,
    text,
    xLow,
    palette,
    isNarrow,
    width,
  }: {
    facet: object;
    text: Plot.TextOptions;
    xLow: number;
    palette: Palette;
    isNarrow: boolean;
    width: number;
  },
): Plot.Markish[] {
  const items = [
    ...sequenceStyles.map(({layer, color}) => ({title: layer, color: palette[color], symbol: "circle"})),
    ...optimizerStyles.map(({title, symbol}) => ({title, color: palette.ink, symbol})),
  ];
  const letter = isNarrow ? 5.7 : 6.2;
  const letters = items.map(({title}) => title).join("").length;
  const gap = Math.min(isNarrow ? 22 : 30, (width - 24 - letters * letter) / (items.length - 1));
  let start = 6 - tickWidth;
  return items.flatMap(({title, color, symbol}) => {
    const dx = start;
    start += title.length * letter + gap;
    const place = {...facet, x: xLow, y: legendY} as const;
    const isOptimizer = color === palette.ink;
    return [
      Plot.dot([{training}], {
        ...place,
        dx,
        symbol: symbol as "circle" | "square",
        r: 4,
        stroke: color,
        fill: isOptimizer ? "none" : color,
      }),
      Plot.text([{training}], {...text, ...place, dx: dx + 8, text: () => title, fill: color}),
    ];
  });
}

/** From a little below the smallest finite value to a little above the largest. */
function extent(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const margin = Math.max((high - low) * 0.06, 0.01);
  return [low - margin, high + margin];
}

/** Round values, at most seven. */
function ticksOf(low: number, high: number): number[] {
  const step = [0.1, 0.2, 0.5, 1, 2, 5].find((each) => (high - low) / each <= 7) ?? high - low;
  const first = Math.ceil(low / step);
  return Array.from({length: Math.floor(high / step) - first + 1}, (_, i) => (first + i) * step);
}
