import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import type {AfterTrainingPoint} from "./after-training-row.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {separate} from "./separate.js";

export interface AfterTrainingChartOptions {
  /** The chart in a sentence. */
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const methods = ["nearest", "gptq"] as const;
const titles = {nearest: "Rounded to nearest", gptq: "Quantized by GPTQ"} as const;

// Pixels from the top of a panel.
const titleY = 14;
const axisTitleY = 38;
const plotTop = 56;
const plotBottom = 336;
const tickY = plotBottom + 16;
const panelHeight = 392;
const tickWidth = 46;
const nameWidth = 44;
const nameHeight = 14;
const stackBelow = 640;

/** Less than this is not told from nothing. */
const leastLost = 1e-4;

/**
 * Nats lost by quantization after training against tokens per parameter, both logarithmic: a panel for each method, a line
 * for each number of bits and each size of model, the thicker the larger.
 */
export function afterTrainingChart(
  points: readonly AfterTrainingPoint[],
  {label, width = 960, palette = pagePalette, document = globalThis.document}: AfterTrainingChartOptions,
): SVGSVGElement {
  const present = methods.filter((method) => points.some((point) => point.method === method));
  const isStacked = width < stackBelow && present.length > 1;
  const facet = isStacked ? ({fy: "method"} as const) : ({fx: "method"} as const);
  const columns = isStacked ? 1 : present.length;
  const gap = nameWidth + tickWidth;
  const panelWidth = (width - gap * columns) / columns;
  const ratios = points.map(({tokensPerParameter}) => tokensPerParameter);
  const [first, last] = [Math.min(...ratios) / 1.15, Math.max(...ratios) * 1.15];
  const lost = points.map(({lost}) => Math.max(lost, leastLost));
  const [low, high] = [Math.log10(Math.min(...lost)) - 0.1, Math.log10(Math.max(...lost)) + 0.1];
  const y = (value: number) =>
    plotBottom - ((Math.log10(Math.max(value, leastLost)) - low) / (high - low)) * (plotBottom - plotTop);
  const sizes = [...new Set(points.map(({parameters}) => parameters))].sort((a, b) => a - b);
  const thickness = (parameters: number) =>
    0.8 + (2.4 * sizes.indexOf(parameters)) / Math.max(1, sizes.length - 1);
  const widths = [...new Set(points.map(({bits}) => bits))].sort((a, b) => a - b);
  /** The fewer the stronger. */
  const opacity = (bits: number) => 1 - (0.65 * widths.indexOf(bits)) / Math.max(1, widths.length - 1);
  const panels = present.map((method) => ({method}));
  const inPanels = <T extends object>(items: readonly T[]) =>
    present.flatMap((method) => items.map((item) => ({...item, method})));
  const text = {...facet, fontSize: 11, fill: palette.muted} as const;
  const decades = integersBetween(low, high).map((power) => ({power}));
  const ratioTicks = [1, 3, 10, 30, 100, 300, 1000, 3000]
    .filter((tick) => tick >= first && tick <= last)
    .map((tick) => ({tick}));
  const curves = present.flatMap((method) =>
    widths.flatMap((bits) =>
      sizes.map((parameters) =>
        points.filter((p) => p.method === method && p.bits === bits && p.parameters === parameters),
      ),
    ),
  );
  const names = present.flatMap((method) => namesOf(points, method, widths, y));

  const chart = Plot.plot({
    document,
    ...{width, height: panelHeight * (isStacked ? present.length : 1)},
    ...{marginTop: 0, marginBottom: 0, marginLeft: tickWidth, marginRight: nameWidth},
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {type: "log", domain: [first, last], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {
      ...{domain: present, axis: null, round: false},
      padding: isStacked ? 0 : gap / (panelWidth + gap),
    },
    marks: [
      Plot.link(inPanels(decades), {
        ...{...facet, x1: first, x2: last, y1: ({power}) => y(10 ** power), y2: ({power}) => y(10 ** power)},
        ...{stroke: palette.rule, strokeOpacity: 0.5},
      }),
      Plot.text(inPanels(decades), {
        ...{...text, x: first, dx: -6, y: ({power}) => y(10 ** power), textAnchor: "end"},
        text: ({power}) => (10 ** power).toFixed(Math.max(0, -power)),
      }),
      Plot.text(panels, {
        ...{...text, x: first, y: titleY, dx: 1 - tickWidth, textAnchor: "start"},
        ...{
          fontSize: 14,
          fontWeight: 700,
          fill: palette.ink,
          text: ({method}: {method: keyof typeof titles}) => titles[method],
        },
      }),
      Plot.text(panels, {
        ...{...text, x: first, y: axisTitleY, dx: 1 - tickWidth, textAnchor: "start"},
        text: () => "nats per token lost",
      }),
      Plot.text(inPanels(ratioTicks), {...text, x: "tick", y: tickY, text: ({tick}) => String(tick)}),
      Plot.text(panels, {
        ...{...text, x: Math.sqrt(first * last), y: tickY + 18},
        text: () => "training tokens per parameter",
      }),
      ...curves.map((curve) =>
        Plot.line(curve, {
          ...{...facet, x: "tokensPerParameter", y: ({lost}) => y(lost), stroke: palette.forward},
          ...{strokeWidth: thickness(curve[0]?.parameters ?? 0), strokeOpacity: opacity(curve[0]?.bits ?? 0)},
        }),
      ),
      Plot.dot(points, {
        ...{...facet, x: "tokensPerParameter", y: ({lost}) => y(lost), r: 2.5},
        ...{stroke: palette.forward, strokeOpacity: ({bits}) => opacity(bits)},
        // Open where it is less than can be shown.
        fill: ({lost}) => (lost < leastLost ? palette.background : palette.forward),
        fillOpacity: ({bits, lost}) => (lost < leastLost ? 1 : opacity(bits)),
      }),
      Plot.text(names, {
        ...{...facet, x: last, dx: 6, y: "height", textAnchor: "start", text: "name"},
        ...{fontSize: 11, fontWeight: 600, fill: palette.forward},
      }),
      Plot.tip(
        points,
        Plot.pointer({
          ...{...facet, x: "tokensPerParameter", y: ({lost}) => y(lost)},
          title: pointTitle,
          ...{fill: palette.background, stroke: palette.rule, fontSize: 12, lineHeight: 1.3},
        }),
      ),
    ],
  });
  return accessibleSvg(chart, label);
}

const pointTitle = ({parameters, tokensPerParameter, cast, before, after, seeds}: AfterTrainingPoint) =>
  `${parameters} parameters, ${Math.round(tokensPerParameter)} tokens for each\n` +
  `${cast}: ${before.toFixed(4)} → ${after.toFixed(4)} nats${seeds > 1 ? `, mean of ${seeds} seeds` : ""}`;

/** The numbers of bits, right of the panel, as high as the last points. */
function namesOf(
  points: readonly AfterTrainingPoint[],
  method: AfterTrainingPoint["method"],
  widths: readonly number[],
  y: (lost: number) => number,
): {method: string; name: string; height: number}[] {
  const ends = widths.flatMap((bits) => {
    const last = points.filter((point) => point.method === method && point.bits === bits).at(-1);
    return last ? [last] : [];
  });
  const heights = separate(
    ends.map(({lost}) => ({middle: y(lost), size: nameHeight})),
    [plotTop - nameHeight / 2, plotBottom + nameHeight / 2],
  );
  return ends.map(({bits}, i) => ({method, name: `${bits} bits`, height: heights[i]}));
}

function integersBetween(low: number, high: number): number[] {
  const first = Math.ceil(low);
  return Array.from({length: Math.max(0, Math.floor(high) - first + 1)}, (_, i) => first + i);
}
