import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {integerText, registerSentence} from "./register-sentence.js";
import type {RegisterRow} from "./register-sums.js";
import {separate} from "./separate.js";
import {textWidth, widest} from "./text-width.js";

export interface RegisterChartOptions {
  readonly bits: number;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const height = 320;
const marginTop = 28;
const marginBottom = 40;
const marginLeft = 56;
const leastMarginRight = 112;
const leaderWidth = 12;

/** The scale is the same for every width, so that the register is seen to grow. */
const domain = [-36_000, 70_000] as const;

const styles = [
  {key: "exact", title: "exact", width: 5, opacity: 0.25, dash: undefined},
  {key: "wrap", title: "wraps", width: 1.75, opacity: 1, dash: undefined},
  {key: "saturate", title: "saturates", width: 1.75, opacity: 1, dash: "5 4"},
] as const;

/** The running sum of small integers in a register: exact, wrapping and saturating; shaded is what the register holds. */
export function registerChart(
  rows: readonly RegisterRow[],
  {bits, width = 960, palette = pagePalette, document = globalThis.document}: RegisterChartOptions,
): SVGSVGElement {
  const half = 2 ** (bits - 1);
  const last = rows.at(-1)!;
  const plotHeight = height - marginTop - marginBottom;
  const y = (sum: number) => marginTop + ((domain[1] - sum) / (domain[1] - domain[0])) * plotHeight;
  const heights = separate(
    styles.map(({key}) => ({middle: y(last[key]), size: 17})),
    [marginTop, height - marginBottom],
  );
  const names = styles.map((style, i) => ({
    ...style,
    sum: last[style.key],
    label: domain[1] - ((heights[i] - marginTop) / plotHeight) * (domain[1] - domain[0]),
  }));
  // Room for the widest sum, so that the plot stays where it is while the register changes.
  const widestNames = styles.map(({title}) => `${title}  ${integerText(domain[0])}`);
  const nameWidth = widest(widestNames, textWidth(document), {weight: 600});
  const marginRight = Math.max(leastMarginRight, leaderWidth + 4 + Math.ceil(nameWidth));
  const perPixel = last.k / (width - marginLeft - marginRight);
  const text = {fontSize: 11, fill: palette.muted} as const;
  const chart = Plot.plot({
    document,
    width,
    height,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, last.k], axis: null},
    y: {domain, axis: null},
    marks: [
      Plot.rect([half], {
        x1: 0,
        x2: last.k,
        y1: Math.max(-half, domain[0]),
        y2: Math.min(half, domain[1]),
        fill: palette.ink,
        fillOpacity: 0.06,
      }),
      Plot.ruleY([0], {stroke: palette.rule}),
      Plot.text([-20_000, 0, 20_000, 40_000, 60_000], {
        ...text,
        x: 0,
        dx: -7,
        y: (sum: number) => sum,
        textAnchor: "end",
        text: integerText,
        fontVariant: "tabular-nums",
      }),
      Plot.text([0, 16, 32, 48, 64], {
        ...text,
        x: (k: number) => k,
        frameAnchor: "bottom",
        dy: 16,
        text: String,
      }),
      Plot.text(["products added"], {...text, frameAnchor: "bottom", dy: 33, text: (title: string) => title}),
      Plot.text([`shaded: what ${bits} bits hold`], {
        ...text,
        frameAnchor: "top-left",
        textAnchor: "start",
        dy: -18,
        text: (title: string) => title,
      }),
      ...styles.map(({key, width: strokeWidth, opacity, dash}) =>
        Plot.line(rows, {
          x: "k",
          y: key,
          stroke: palette.ink,
          strokeWidth,
          strokeOpacity: opacity,
          strokeDasharray: dash,
          curve: "step-after",
        }),
      ),
      Plot.link(names, {
        x1: last.k,
        x2: last.k + leaderWidth * perPixel,
        y1: "sum",
        y2: "label",
        stroke: palette.ink,
        strokeOpacity: 0.5,
      }),
      Plot.text(names, {
        x: last.k,
        y: "label",
        dx: leaderWidth + 3,
        textAnchor: "start",
        fontSize: 11,
        fontWeight: 600,
        fill: palette.ink,
        text: ({title, sum}: {title: string; sum: number}) => `${title}  ${integerText(sum)}`,
      }),
    ],
  });
  return accessibleSvg(chart, registerSentence(rows, bits));
}
