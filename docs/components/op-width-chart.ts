import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type OpPanel, type OpRow, opPanels, passStyle, spreadIn} from "./op-row.js";
import {opSentence} from "./op-sentence.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerLabel} from "./power-label.js";
import {separate} from "./separate.js";
import {textWidth, widest} from "./text-width.js";

export interface OpWidthChartOptions {
  /** The op whose lines are drawn strong; all others are pale. */
  readonly op: string;
  /** The width that is marked. */
  readonly modelWidth: number;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** One pass of one op at one width in one panel. */
interface Point {
  readonly panel: OpPanel;
  readonly row: OpRow;
  readonly series: string;
  readonly x: number;
  readonly measured: number;
  readonly theory: number;
  readonly isChosen: boolean;
}

const stackBelow = 660;
const tickWidth = 38;
const leastNameWidth = 112;
const plotTop = 46;
const plotBottom = 300;
const panelHeight = 344;

/** Spread against width for every op: lines are theory, symbols measured. */
export function opWidthChart(
  rows: readonly OpRow[],
  {op, modelWidth, width = 960, palette = pagePalette, document = globalThis.document}: OpWidthChartOptions,
): SVGSVGElement {
  const isStacked = width < stackBelow;
  const columns = isStacked ? 1 : 2;
  const passes = rows.map(({pass}) => pass);
  const passWidth = widest(passes, textWidth(document), {weight: 600});
  const nameWidth = Math.max(leastNameWidth, 10 + Math.ceil(passWidth));
  const gap = tickWidth + nameWidth;
  const panelWidth = (width - gap * columns) / columns;
  const facet = isStacked ? ({fy: "panel"} as const) : ({fx: "panel"} as const);
  const text = {...facet, fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  const points = opPanels.flatMap(({panel}) =>
    rows.map(
      (row): Point => ({
        ...{panel, row, series: `${row.op} ${row.pass}`, x: Math.log2(row.width)},
        ...spreadIn(row, panel),
        isChosen: row.op === op,
      }),
    ),
  );
  const widths = [...new Set(rows.map((row) => row.width))].sort((a, b) => a - b);
  const [first, last] = [Math.log2(widths[0]), Math.log2(widths.at(-1)!)];
  const powers = points.map(({measured}) => Math.log2(measured));
  const [low, high] = [Math.floor(Math.min(...powers)), Math.ceil(Math.max(...powers))];
  const height = (spread: number) =>
    plotBottom - ((Math.log2(spread) - low) / (high - low)) * (plotBottom - plotTop);
  const ticks = Array.from({length: high - low + 1}, (_, i) => low + i).filter((power) => power % 2 === 0);
  const inPanels = <T extends object>(items: readonly T[]) =>
    opPanels.flatMap(({panel}) => items.map((item) => ({...item, panel})));
  const color = ({row}: Point) => palette[passStyle(row.pass).direction];
  const groups = [points.filter(({isChosen}) => !isChosen), points.filter(({isChosen}) => isChosen)];
  const ends = groups[1].filter((point) => point.x === last);

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * (isStacked ? 2 : 1),
    marginTop: 0,
    marginBottom: 0,
    marginLeft: tickWidth,
    marginRight: nameWidth,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [first, last], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {
      domain: opPanels.map(({panel}) => panel),
      axis: null,
      round: false,
      padding: isStacked ? 0 : gap / (panelWidth + gap),
    },
    marks: [
      Plot.link(inPanels(ticks.map((power) => ({power}))), {
        ...facet,
        x1: first,
        x2: last,
        y1: ({power}) => height(2 ** power),
        y2: ({power}) => height(2 ** power),
        stroke: ({power}) => (power === 0 ? palette.ink : palette.rule),
        strokeOpacity: ({power}) => (power === 0 ? 1 : 0.5),
      }),
      Plot.text(inPanels(ticks.map((power) => ({power}))), {
        ...text,
        x: first,
        dx: -8,
        y: ({power}) => height(2 ** power),
        textAnchor: "end",
        text: ({power}) => (power === 0 ? "1" : powerLabel(power)),
      }),
      Plot.text(inPanels(widths.map((each) => ({each}))), {
        ...text,
        x: ({each}) => Math.log2(each),
        y: plotBottom + 14,
        textAnchor: "middle",
        text: ({each}) => String(each),
        fill: ({each}) => (each === modelWidth ? palette.ink : palette.muted),
      }),
      Plot.text(inPanels([{}]), {
        ...text,
        x: (first + last) / 2,
        y: plotBottom + 31,
        textAnchor: "middle",
        text: () => "width m",
      }),
      ...opPanels.map(({panel, title}) =>
        Plot.text([{panel}], {
          ...text,
          x: first,
          dx: 1 - tickWidth,
          y: 16,
          text: () => title,
          fontSize: 16,
          fontWeight: 700,
          fill: palette.ink,
        }),
      ),
      Plot.ruleX(inPanels([{}]), {
        ...facet,
        x: Math.log2(modelWidth),
        y1: plotTop,
        y2: plotBottom,
        stroke: palette.ink,
        strokeDasharray: "1 3",
      }),
      ...groups.flatMap((group, strength) => [
        Plot.line(group, {
          ...facet,
          x: "x",
          y: ({theory}) => height(theory),
          z: "series",
          stroke: color,
          strokeOpacity: strength === 0 ? 0.22 : 0.9,
          strokeWidth: strength === 0 ? 1 : 1.75,
        }),
        Plot.dot(group, {
          ...facet,
          x: "x",
          y: ({measured}) => height(measured),
          symbol: ({row}) => passStyle(row.pass).symbol,
          r: strength === 0 ? 1.6 : 3.4,
          stroke: color,
          strokeOpacity: strength === 0 ? 0.35 : 1,
          fill: (point) => (passStyle(point.row.pass).isFilled ? color(point) : palette.background),
          fillOpacity: strength === 0 ? 0.35 : 1,
        }),
      ]),
      Plot.text(spacedNames(ends, height), {
        ...text,
        x: last,
        dx: 9,
        y: "y",
        text: ({point}) => point.row.pass,
        fill: ({point}) => color(point),
        fontWeight: 600,
      }),
      Plot.tip(
        groups[1],
        Plot.pointer({
          ...facet,
          x: "x",
          y: ({measured}) => height(measured),
          title: ({row, measured, theory}) =>
            `${row.op}, ${row.pass}, width ${row.width}\nmeasured ${measured.toPrecision(4)}\ntheory ${theory.toPrecision(4)}`,
          fill: palette.background,
          stroke: palette.rule,
          fontSize: 12,
          lineHeight: 1.3,
        }),
      ),
    ],
  });
  return accessibleSvg(chart, `${op} by width. ${opSentence(rows, modelWidth)}.`);
}

/** The names of the chosen op's passes at the ends of their lines, moved apart where the lines end together. */
function spacedNames(ends: readonly Point[], height: (spread: number) => number) {
  return opPanels.flatMap(({panel}) => {
    const ofPanel = ends.filter((point) => point.panel === panel);
    const heights = separate(
      ofPanel.map(({theory}) => ({middle: height(theory), size: 15})),
      [plotTop, plotBottom],
    );
    return ofPanel.map((point, i) => ({panel, point, y: heights[i]}));
  });
}
