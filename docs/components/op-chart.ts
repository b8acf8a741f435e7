import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type OpPanel, type OpRow, opPanels, passStyle, spreadIn} from "./op-row.js";
import {opSentence} from "./op-sentence.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerLabel} from "./power-label.js";
import {textWidth, widest} from "./text-width.js";

export interface OpChartOptions {
  /** Of the inputs; each op is drawn at this width, and its range over all widths as a trail. */
  readonly modelWidth: number;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** One pass of an op in one panel. */
interface Mark {
  readonly panel: OpPanel;
  readonly row: OpRow;
  readonly measured: number;
  readonly theory: number;
  /** Powers of two between which the spread lies over all widths. */
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

const leastLabelWidth = 158;
const stackBelow = 660;
const panelGap = 28;
const marginRight = 14;
const rowsY = 62;
const rowHeight = 27;
/** Between the lines of the passes within a row. */
const lineHeight = 7;
const axisHeight = 40;
/** Panels below this have room for fewer ticks. */
const narrowPanel = 220;

/** The spread of what each op writes on each pass, without and with the constants of unit scaling. */
export function opChart(
  rows: readonly OpRow[],
  {modelWidth, width = 960, palette = pagePalette, document = globalThis.document}: OpChartOptions,
): SVGSVGElement {
  const ops = [...new Set(rows.map(({op}) => op))];
  const isStacked = width < stackBelow;
  const nameWidth = widest(ops, textWidth(document), {size: 11.5});
  const labelWidth = Math.max(leastLabelWidth, 12 + Math.ceil(nameWidth));
  const columns = isStacked ? 1 : 2;
  const panelWidth = (width - labelWidth - marginRight - panelGap * (columns - 1)) / columns;
  const endY = rowsY + ops.length * rowHeight;
  const panelHeight = endY + axisHeight;
  const facet = isStacked ? ({fy: "panel"} as const) : ({fx: "panel"} as const);
  const text = {...facet, fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  const marks = opPanels.flatMap(({panel}) => marksOf(rows, ops, modelWidth, panel));
  const low = Math.floor(Math.min(...marks.map(({from}) => from)));
  const high = Math.ceil(Math.max(...marks.map(({to}) => to)));
  const every = panelWidth < narrowPanel ? 4 : 2;
  const powers = Array.from({length: high - low + 1}, (_, i) => low + i).filter(
    (power) => power % every === 0,
  );
  const inPanels = <T extends object>(items: readonly T[]) =>
    opPanels.flatMap(({panel}) => items.map((item) => ({...item, panel})));
  const color = ({row}: Mark) => palette[passStyle(row.pass).direction];
  const filled = marks.filter(({row}) => passStyle(row.pass).isFilled);
  const hollow = marks.filter(({row}) => !passStyle(row.pass).isFilled);
  const bands = ops.flatMap((op, i) => (i % 2 === 0 ? [{op, y: rowsY + i * rowHeight}] : []));

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * (isStacked ? 2 : 1),
    marginTop: 0,
    marginBottom: 0,
    marginLeft: labelWidth,
    marginRight,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [low, high], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {
      domain: opPanels.map(({panel}) => panel),
      axis: null,
      round: false,
      padding: isStacked ? 0 : panelGap / (panelWidth + panelGap),
    },
    marks: [
      Plot.rect(inPanels(bands), {
        ...facet,
        x1: low,
        x2: high,
        y1: "y",
        y2: ({y}) => y + rowHeight,
        fill: palette.rule,
        fillOpacity: 0.16,
      }),
      Plot.ruleX(inPanels([{}]), {...facet, x: 0, y1: rowsY, y2: endY + 4, stroke: palette.ink}),
      Plot.text(inPanels(powers.map((power) => ({power}))), {
        ...text,
        x: "power",
        y: endY + 14,
        textAnchor: "middle",
        text: ({power}) => (power === 0 ? "1" : powerLabel(power)),
      }),
      Plot.text(inPanels([{}]), {
        ...text,
        x: (low + high) / 2,
        y: endY + 31,
        textAnchor: "middle",
        text: () => "spread (standard deviation)",
      }),
      ...opPanels.map(({panel, title}) =>
        Plot.text([{panel}], {
          ...text,
          x: low,
          dx: isStacked ? 12 - labelWidth : 0,
          y: 16,
          text: () => title,
          fontSize: 16,
          fontWeight: 700,
          fill: palette.ink,
        }),
      ),
      ...opPanels.map(({panel}) =>
        Plot.text([{panel}], {
          ...text,
          x: low,
          dx: isStacked ? 12 - labelWidth : 0,
          y: 38,
          text: () => panelSentence(rows, modelWidth, panel),
          fontSize: 12.5,
          fill: palette.ink,
        }),
      ),
      Plot.text(
        (isStacked ? opPanels : opPanels.slice(0, 1)).flatMap(({panel}) =>
          ops.map((op, i) => ({op, panel, y: rowsY + (i + 0.5) * rowHeight})),
        ),
        {
          ...text,
          x: low,
          dx: -10,
          y: "y",
          textAnchor: "end",
          text: "op",
          fill: palette.ink,
          fontSize: 11.5,
        },
      ),
      Plot.link(marks, {
        ...facet,
        x1: "from",
        x2: "to",
        y1: "y",
        y2: "y",
        stroke: color,
        strokeOpacity: 0.28,
        strokeWidth: 3,
        strokeLinecap: "round",
      }),
      Plot.link(marks, {
        ...facet,
        x1: ({theory}) => Math.log2(theory),
        x2: ({theory}) => Math.log2(theory),
        y1: ({y}) => y - 5,
        y2: ({y}) => y + 5,
        stroke: palette.ink,
        strokeWidth: 1.5,
      }),
      ...[filled, hollow].map((group) =>
        Plot.dot(group, {
          ...facet,
          x: ({measured}) => Math.log2(measured),
          y: "y",
          symbol: group === filled ? "circle" : "diamond",
          r: 3.2,
          stroke: color,
          fill: group === filled ? color : palette.background,
        }),
      ),
      Plot.tip(
        marks,
        Plot.pointer({
          ...facet,
          x: ({measured}) => Math.log2(measured),
          y: "y",
          title: ({row, measured, theory}) =>
            `${row.op}, ${row.pass}\nmeasured ${measured.toPrecision(4)}\ntheory ${theory.toPrecision(4)}`,
          fill: palette.background,
          stroke: palette.rule,
          fontSize: 12,
          lineHeight: 1.3,
        }),
      ),
    ],
  });
  return accessibleSvg(chart, `${opSentence(rows, modelWidth)}.`);
}

function marksOf(rows: readonly OpRow[], ops: readonly string[], width: number, panel: OpPanel): Mark[] {
  const places = new Map<string, number>();
  return rows
    .filter((row) => row.width === width)
    .map((row) => {
      const key = `${row.op} ${passStyle(row.pass).line}`;
      const nth = places.get(key) ?? 0;
      places.set(key, nth + 1);
      const series = rows
        .filter(({op, pass}) => op === row.op && pass === row.pass)
        .map((other) => Math.log2(spreadIn(other, panel).measured));
      const middle = rowsY + (ops.indexOf(row.op) + 0.5) * rowHeight;
      // Two parameters of one op share the last line; the second stands a little lower.
      const y = middle + passStyle(row.pass).line * lineHeight + nth * 2;
      const [from, to] = [Math.min(...series), Math.max(...series)];
      return {panel, row, ...spreadIn(row, panel), from, to, y};
    });
}

function panelSentence(rows: readonly OpRow[], width: number, panel: OpPanel): string {
  const spreads = rows.filter((row) => row.width === width).map((row) => spreadIn(row, panel).measured);
  const [low, high] = [Math.min(...spreads), Math.max(...spreads)];
  const between =
    panel === "plain"
      ? `${powerLabel(Math.log2(low))} to ${powerLabel(Math.log2(high))}`
      : `${low.toFixed(2)} to ${high.toFixed(2)}`;
  return `spreads from ${between}`;
}
