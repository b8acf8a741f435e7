import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {residualClaim} from "./residual-claim.js";
import {type ResidualRow, residualTitle} from "./residual-row.js";
import {separate} from "./separate.js";
import {textWidth, widest} from "./text-width.js";

export interface ResidualChartOptions {
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

interface Point {
  readonly panel: string;
  readonly row: ResidualRow;
  readonly title: string;
  readonly measured: number;
  readonly theory: number;
}

const panels = [
  {panel: "spread", title: "Spread of the stream", sentence: "after each branch"},
  {panel: "share", title: "Who is heard at the end", sentence: "share of the final variance"},
] as const;

const stackBelow = 660;
const leastTickWidth = 42;
const leastNameWidth = 112;
const plotTop = 66;
const plotBottom = 300;
const panelHeight = 346;
/** Shares below this are drawn at the bottom. */
const leastShare = 0.001;

const shareTicks = [1, 0.1, 0.01, leastShare].map((value) => ({
  ...{panel: "share", value},
  label: `${value === leastShare ? "≤" : ""}${value * 100}%`,
}));

/** The spread of a stream through a stack of residual branches, and the share of each in its end, by rule. */
export function residualChart(
  rows: readonly ResidualRow[],
  {width = 960, palette = pagePalette, document = globalThis.document}: ResidualChartOptions = {},
): SVGSVGElement {
  const widthOf = textWidth(document);
  const namesWidth = widest(rows.map(residualTitle), widthOf, {weight: 600});
  const nameWidth = Math.max(leastNameWidth, 10 + Math.ceil(namesWidth));
  const ticksWidth = widest(
    shareTicks.map(({label}) => label),
    widthOf,
  );
  const tickWidth = Math.max(leastTickWidth, 9 + Math.ceil(ticksWidth));
  const isStacked = width < stackBelow;
  const columns = isStacked ? 1 : 2;
  const gap = tickWidth + nameWidth;
  const panelWidth = (width - gap * columns) / columns;
  const facet = isStacked ? ({fy: "panel"} as const) : ({fx: "panel"} as const);
  const text = {...facet, fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  const branches = Math.max(...rows.map(({branch}) => branch));
  const points = rows.flatMap((row): Point[] => [
    {panel: "spread", row, title: residualTitle(row), measured: row.spread, theory: row.spread_theory},
    {panel: "share", row, title: residualTitle(row), measured: row.share, theory: row.share_theory},
  ]);
  const titles = [...new Set(points.map(({title}) => title))];
  const most = Math.ceil(Math.max(...rows.map(({spread}) => spread)));
  const height = ({panel, value}: {panel: string; value: number}) => {
    const share =
      panel === "spread"
        ? value / most
        : Math.log(Math.max(value, leastShare) / leastShare) / Math.log(1 / leastShare);
    return plotBottom - share * (plotBottom - plotTop);
  };
  const ticks = [
    ...Array.from({length: most + 1}, (_, value) => ({panel: "spread", value, label: String(value)})),
    ...shareTicks,
  ];
  const style = (title: string) => styleOf(title, titles);
  const color = ({title}: {title: string}) => palette[style(title).color];
  const ends = panels.flatMap(({panel}) => {
    const last = points.filter((point) => point.panel === panel && point.row.branch === branches);
    const heights = separate(
      last.map(({theory}) => ({middle: height({panel, value: theory}), size: 15})),
      [plotTop - 8, plotBottom + 8],
    );
    return last.map((point, i) => ({...point, y: heights[i]}));
  });
  const all = panels.map(({panel}) => ({panel}));

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * (isStacked ? 2 : 1),
    marginTop: 0,
    marginBottom: 0,
    marginLeft: tickWidth,
    marginRight: nameWidth,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, branches], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [isStacked ? "fy" : "fx"]: {
      domain: panels.map(({panel}) => panel),
      axis: null,
      round: false,
      padding: isStacked ? 0 : gap / (panelWidth + gap),
    },
    marks: [
      Plot.link(ticks, {
        ...facet,
        x1: 0,
        x2: branches,
        y1: height,
        y2: height,
        stroke: palette.rule,
        strokeOpacity: 0.5,
      }),
      Plot.text(ticks, {...text, x: 0, dx: -8, y: height, textAnchor: "end", text: "label"}),
      Plot.text(
        all.flatMap((panel) => [0, 1, 2, 3, 4].map((part) => ({...panel, branch: (part * branches) / 4}))),
        {...text, x: "branch", y: plotBottom + 16, textAnchor: "middle", text: ({branch}) => String(branch)},
      ),
      Plot.text(all, {
        ...text,
        x: branches / 2,
        y: plotBottom + 33,
        textAnchor: "middle",
        text: ({panel}) => (panel === "spread" ? "branches so far" : "branch, 0 for the input"),
      }),
      Plot.text(panels, {
        ...text,
        x: 0,
        dx: 1 - tickWidth,
        y: 16,
        text: "title",
        fontSize: 16,
        fontWeight: 700,
        fill: palette.ink,
      }),
      Plot.text(panels, {
        ...text,
        x: 0,
        dx: 1 - tickWidth,
        y: 37,
        text: "sentence",
        fontSize: 12.5,
        fill: palette.ink,
      }),
      ...titles.flatMap((title) => {
        const ofRule = points.filter((point) => point.title === title);
        return [
          Plot.line(ofRule, {
            ...facet,
            x: ({row}) => row.branch,
            y: ({panel, theory}) => height({panel, value: theory}),
            stroke: color({title}),
            strokeWidth: 1.6,
            strokeDasharray: style(title).dash,
          }),
          Plot.dot(ofRule, {
            ...facet,
            x: ({row}) => row.branch,
            y: ({panel, measured}) => height({panel, value: measured}),
            r: 2.2,
            fill: color({title}),
            symbol: style(title).symbol,
          }),
        ];
      }),
      Plot.text(ends, {...text, x: branches, dx: 9, y: "y", text: "title", fill: color, fontWeight: 600}),
      Plot.tip(
        points,
        Plot.pointer({
          ...facet,
          x: ({row}) => row.branch,
          y: ({panel, measured}) => height({panel, value: measured}),
          title: ({panel, title, row, measured, theory}) =>
            `${title}, branch ${row.branch}\n${panel} ${measured.toPrecision(3)}\ntheory ${theory.toPrecision(3)}`,
          fill: palette.background,
          stroke: palette.rule,
          fontSize: 12,
          lineHeight: 1.3,
        }),
      ),
    ],
  });
  return accessibleSvg(chart, `${residualClaim(rows)}.`);
}

/** Colours and dashes by rule: fixed rules share a colour. */
function styleOf(title: string, titles: readonly string[]) {
  if (title === "plain sum") return {color: "fp32", dash: undefined, symbol: "square"} as const;
  if (title === "running mean") return {color: "scaled", dash: undefined, symbol: "triangle"} as const;
  const nth = titles.filter((other) => other.startsWith("fixed")).indexOf(title);
  return {color: "fp8", dash: [undefined, "6 3", "2 3"][nth % 3], symbol: "circle"} as const;
}
