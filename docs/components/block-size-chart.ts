import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {shownElements} from "./block-choices.js";
import {type BlockSizeError, blockSizes} from "./block-size-errors.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {separate} from "./separate.js";

export interface BlockSizeChartOptions {
  /** The element format that is drawn strongest. */
  readonly element: string;
  readonly label: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const panels = ["without outliers", "with outliers"] as const;
const stackBelow = 600;
const plotTop = 34;
const plotHeight = 260;
const panelHeight = plotTop + plotHeight + 52;
/** Decibels at the ends of the axis, the same whatever is shown. */
const [lowest, highest] = [0, 50];
const marginLeft = 40;
const marginRight = 56;

/** Signal-to-noise ratio against the number of values that share a scale, a line for each element format. */
export function blockSizeChart(
  rows: readonly BlockSizeError[],
  {element, label, width = 960, palette = pagePalette, document = globalThis.document}: BlockSizeChartOptions,
): SVGSVGElement {
  const isStacked = width < stackBelow;
  const facet = isStacked ? ({fy: "data"} as const) : ({fx: "data"} as const);
  const height = isStacked ? 2 * panelHeight : panelHeight;
  const ratioY = (ratio: number) => plotTop + plotHeight * (1 - (ratio - lowest) / (highest - lowest));
  const text = {fontSize: 11, fill: palette.muted, lineAnchor: "middle"} as const;
  const inPanels = <T extends object>(items: readonly T[]) =>
    panels.flatMap((data) => items.map((item) => ({...item, data})));
  const ends = panels.flatMap((data) => {
    const last = rows.filter((row) => row.data === data && row.size === blockSizes.at(-1));
    const ys = separate(
      last.map(({ratio}) => ({middle: ratioY(ratio), size: 15})),
      [plotTop, plotTop + plotHeight],
    );
    return last.map((row, i) => ({...row, y: ys[i]}));
  });
  const isStrong = (row: {element: string}) => row.element === element;
  const isInteger = (row: {element: string}) => row.element.startsWith("int");
  const ticks = [0, 10, 20, 30, 40, 50];

  const chart = Plot.plot({
    document,
    width,
    height,
    marginTop: 0,
    marginBottom: 0,
    marginLeft,
    marginRight,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {type: "log", base: 2, domain: [blockSizes[0], blockSizes[blockSizes.length - 1]], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {domain: panels, axis: null, padding: isStacked ? 0 : 0.36, round: false},
    marks: [
      Plot.text(inPanels([{}]), {
        ...facet,
        x: () => blockSizes[0],
        y: 12,
        dx: -marginLeft,
        textAnchor: "start",
        fontSize: 14,
        fontWeight: 600,
        fill: palette.ink,
        text: ({data}) => (data === panels[0] ? "Normal values" : "With outlying columns"),
      }),
      Plot.ruleY(inPanels(ticks.map((tick) => ({tick}))), {
        ...facet,
        y: ({tick}) => ratioY(tick),
        stroke: palette.rule,
        strokeOpacity: 0.5,
      }),
      Plot.text(inPanels(ticks.map((tick) => ({tick}))), {
        ...text,
        ...facet,
        x: () => blockSizes[0],
        dx: -8,
        textAnchor: "end",
        y: ({tick}) => ratioY(tick),
        text: ({tick}) => (tick === highest ? `${tick} dB` : String(tick)),
      }),
      Plot.line(rows, {
        ...facet,
        x: "size",
        y: ({ratio}) => ratioY(ratio),
        z: "element",
        stroke: palette.ink,
        strokeOpacity: (row) => (isStrong(row) ? 1 : 0.45),
        strokeWidth: 1.5,
        filter: (row) => !isInteger(row) && !isStrong(row),
      }),
      Plot.line(rows, {
        ...facet,
        x: "size",
        y: ({ratio}) => ratioY(ratio),
        z: "element",
        stroke: palette.ink,
        strokeOpacity: 0.6,
        strokeWidth: 1.5,
        strokeDasharray: "3 3",
        filter: (row) => isInteger(row) && !isStrong(row),
      }),
      Plot.line(rows, {
        ...facet,
        x: "size",
        y: ({ratio}) => ratioY(ratio),
        z: "element",
        stroke: palette.ink,
        strokeWidth: 3,
        filter: isStrong,
      }),
      Plot.dot(rows, {
        ...facet,
        x: "size",
        y: ({ratio}) => ratioY(ratio),
        r: 3.5,
        fill: palette.ink,
        filter: isStrong,
      }),
      ...[true, false].map((strong) =>
        Plot.text(ends, {
          ...facet,
          x: "size",
          y: "y",
          dx: 8,
          textAnchor: "start",
          fontSize: 12,
          fontWeight: strong ? 700 : 400,
          lineAnchor: "middle",
          text: (row) => shownElements[row.element],
          fill: palette.ink,
          filter: (row) => isStrong(row) === strong,
        }),
      ),
      Plot.text(inPanels(blockSizes.map((size) => ({size}))), {
        ...text,
        ...facet,
        x: "size",
        y: plotTop + plotHeight + 14,
        text: ({size}) => String(size),
      }),
      Plot.text(inPanels([{}]), {
        ...text,
        ...facet,
        x: () => 2 ** 6.5,
        y: plotTop + plotHeight + 32,
        text: () => "values that share a scale",
      }),
    ],
  });
  return accessibleSvg(chart, label);
}
