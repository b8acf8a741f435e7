import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {formatRange} from "./format-range.js";
import type {RecordedFormat} from "./lost-shares.js";
import {type Palette, pagePalette} from "./palette.js";
import {percentage} from "./percentage.js";
import {powerLabel} from "./power-label.js";
import {presentSchemes} from "./present-schemes.js";
import {schemeTitle} from "./scheme-title.js";
import {separate} from "./separate.js";
import {shownRows} from "./shown-rows.js";
import {type SpreadKind, spreadKind} from "./spread-kind.js";
import {spreadRange} from "./spread-range.js";
import {type TensorStyle, tensorStyles} from "./tensor-styles.js";
import {fitting, type TextWidth, textWidth} from "./text-width.js";
import {noticeableShare, underflowingRows} from "./underflowing-rows.js";
import {
  footHeight,
  labelYs,
  layerLabelWidth,
  panelGap,
  rowsY,
  type ScaleRow,
  subtitleYs,
  titleY,
  type VarianceLayout,
  varianceLayout,
} from "./variance-layout.js";
import type {VarianceRow} from "./variance-row.js";
import {varianceTakeaway} from "./variance-takeaway.js";

export interface VarianceChartOptions {
  /** Only rows of this stage and recipe are drawn. */
  readonly stage?: string;
  readonly recipe?: string;
  /** One panel for each, side by side where `width` allows, else below each other. */
  readonly schemes?: readonly string[];
  /** Formats whose ranges are shaded. */
  readonly formats?: readonly string[];
  /** The one of them whose limits are drawn through the rows, and whose casualties are counted. */
  readonly format?: RecordedFormat;
  /** Rows from which the scales follow, so that charts of several times can share them; by default those drawn. */
  readonly scaleRows?: readonly ScaleRow[];
  /** The layer whose row is marked. */
  readonly layer?: string;
  /** Called with the layer whose row is clicked. */
  readonly onSelect?: (layer: string) => void;
  /** In pixels. */
  readonly width?: number;
  readonly rowHeight?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** What the groups of marks share. */
interface View {
  readonly rows: readonly VarianceRow[];
  readonly schemes: readonly string[];
  readonly format: RecordedFormat;
  readonly selected: string | undefined;
  readonly layout: VarianceLayout;
  readonly palette: Palette;
  readonly widthOf: TextWidth;
  /** The facet channel, and the style of small text. */
  readonly facet: {readonly fx: "scheme"} | {readonly fy: "scheme"};
  readonly text: Plot.TextOptions;
}

/** Mean advance of an 11 pixel label in bold type, on the wide side. */
const characterWidth = 6.3;

/**
 * Spread (root mean square) of every layer's tensors: depth runs downwards, powers of two across, one panel for each
 * scheme. Shaded are the ranges of number formats.
 */
export function varianceChart(
  rows: readonly VarianceRow[],
  {
    stage = "initial",
    recipe = "fp32",
    schemes: wanted = ["standard", "unit"],
    formats = ["e4m3fn", "e5m2", "fp16"],
    format = "e5m2",
    scaleRows,
    layer: selected,
    onSelect,
    width = 960,
    rowHeight = 24,
    palette = pagePalette,
    document = globalThis.document,
  }: VarianceChartOptions = {},
): SVGSVGElement {
  const ofRun = rows.filter((row) => row.stage === stage && row.recipe === recipe);
  const schemes = presentSchemes(ofRun, wanted);
  const shown = shownRows(ofRun, {stage, recipe, schemes});
  const layout = varianceLayout(scaleRows ?? ofRun, {schemes, formats, width, rowHeight});
  const facet = layout.isStacked ? ({fy: "scheme"} as const) : ({fx: "scheme"} as const);
  const text = {...facet, textAnchor: "start", fontSize: 11, fill: palette.muted} as const;
  const widthOf = textWidth(document);
  const view: View = {rows: shown, schemes, format, selected, layout, palette, widthOf, facet, text};

  const chart = Plot.plot({
    document,
    width,
    height: layout.height,
    marginTop: 0,
    marginBottom: 0,
    marginLeft: layout.marginLeft,
    marginRight: layout.marginRight,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [layout.low, layout.high], axis: null},
    y: {domain: [0, layout.panelHeight], range: [0, layout.panelHeight], axis: null},
    [layout.isStacked ? "fy" : "fx"]: {domain: schemes, axis: null, round: false, padding: layout.padding},
    marks: [rangeMarks, layerMarks, axisMarks, seriesMarks, seriesLabelMarks, headingMarks, tipMark].map(
      (marks) => marks(view),
    ),
  });
  if (onSelect) selectOnClick(chart, layout, onSelect);
  return accessibleSvg(chart, varianceTakeaway(shown));
}

/** Items repeated for every panel. */
const inPanels = <T extends object>(schemes: readonly string[], items: readonly T[]) =>
  schemes.flatMap((scheme) => items.map((item) => ({...item, scheme})));

/** The ranges, nested: what is shaded darkest fits into every format. Each stands on a foot with its name. */
function rangeMarks({schemes, format, layout, palette, facet, text}: View): Plot.Markish[] {
  const ranges = inPanels(schemes, layout.ranges);
  const chosen = ranges.filter(({name}) => name === format);
  const limits = chosen.flatMap((range) =>
    [range.smallest, range.largest].map((limit) => ({...range, limit})),
  );
  const name = {
    ...text,
    x: "smallest",
    dx: 5,
    y: (range: {footEnd: number}) => range.footEnd - footHeight / 2,
  };
  return [
    Plot.rect(ranges, {
      ...facet,
      x1: "smallest",
      x2: "largest",
      y1: rowsY - 8,
      y2: "footEnd",
      fill: palette.ink,
      fillOpacity: 0.055,
    }),
    Plot.ruleX(limits, {
      ...facet,
      x: "limit",
      y1: rowsY - 8,
      y2: "footEnd",
      stroke: palette.ink,
      strokeDasharray: "2 3",
    }),
    Plot.text(chosen, {...name, text: "label", fill: palette.ink, fontWeight: 700}),
    Plot.text(
      ranges.filter((range) => !chosen.includes(range)),
      {...name, text: "label"},
    ),
  ];
}

/** Names of the layers, gathered by block, left of the first panel of each line; and the selected row. */
function layerMarks({schemes, selected, layout, palette, facet, text}: View): Plot.Markish[] {
  const {low, high, layers, rowOf, rowHeight, isStacked} = layout;
  const labelled = isStacked ? schemes : schemes.slice(0, 1);
  const names = inPanels(
    labelled,
    layers.map((layer) => ({layer, ...partsOf(layer)})),
  );
  const isSelected = ({layer}: {layer: string}) => layer === selected;
  const blocks = inPanels(labelled, blocksOf(layers));
  const name = {...text, x: low, dx: -10, y: rowOf, text: "part", textAnchor: "end"} as const;
  return [
    Plot.rect(inPanels(schemes, layers.map((layer) => ({layer})).filter(isSelected)), {
      ...facet,
      x1: low,
      x2: high,
      y1: (row) => rowOf(row) - rowHeight / 2,
      y2: (row) => rowOf(row) + rowHeight / 2,
      fill: palette.ink,
      fillOpacity: 0.09,
    }),
    Plot.text(
      names.filter((item) => !isSelected(item)),
      name,
    ),
    Plot.text(names.filter(isSelected), {...name, fill: palette.ink, fontWeight: 700}),
    Plot.text(blocks, {
      ...text,
      x: low,
      dx: 8 - layerLabelWidth,
      y: ({first, last}) => (rowOf({layer: first}) + rowOf({layer: last})) / 2,
      textAnchor: "middle",
      rotate: -90,
      text: "block",
    }),
    Plot.ruleX(blocks, {
      ...facet,
      x: low,
      dx: 18 - layerLabelWidth,
      y1: ({first}) => rowOf({layer: first}) - rowHeight / 2 + 3,
      y2: ({last}) => rowOf({layer: last}) + rowHeight / 2 - 3,
      stroke: palette.rule,
    }),
  ];
}

/** Powers of two below every panel, and the line of spread 1, where unit scaling wants everything to be. */
function axisMarks({schemes, layout, palette, facet, text}: View): Plot.Markish[] {
  const {low, high, feetEnd} = layout;
  const panels = schemes.map((scheme) => ({scheme}));
  const powers = [];
  for (let power = Math.ceil(low / 8) * 8; power <= high; power += 8) powers.push({power});
  return [
    Plot.ruleX(panels, {...facet, x: 0, y1: rowsY - 8, y2: feetEnd, stroke: palette.ink}),
    Plot.text(panels, {
      ...text,
      x: 0,
      dx: 5,
      y: feetEnd - footHeight / 2,
      text: () => "spread 1",
      fill: palette.ink,
    }),
    Plot.text(inPanels(schemes, powers), {
      ...text,
      x: "power",
      y: feetEnd + 10,
      textAnchor: "middle",
      text: ({power}) => (power === 0 ? "1" : powerLabel(power)),
    }),
    Plot.text(panels, {
      ...text,
      x: (low + high) / 2,
      y: feetEnd + 27,
      textAnchor: "middle",
      text: () => "spread (root mean square)",
    }),
  ];
}

/**
 * One line with a symbol for each layer through the depth, for each of the four tensors; crosses where all is zero, or
 * something beyond all numbers.
 */
function seriesMarks({rows, layout, palette, facet, text}: View): Plot.Markish[] {
  const series = tensorStyles.map(({tensor, direction, isParameter}) => {
    const ofTensor = rows.filter((row) => row.tensor === tensor).sort((a, b) => a.depth - b.depth);
    const position = {...facet, x: power, y: layout.rowOf, stroke: palette[direction]};
    const cross = {...position, symbol: "times", strokeWidth: 2, r: 3.5} as const;
    const alive = ofKind(ofTensor, "power");
    return [
      Plot.line(alive, {
        ...position,
        strokeDasharray: isParameter ? "4 3" : undefined,
        strokeOpacity: 0.6,
      }),
      Plot.dot(alive, {
        ...position,
        symbol: isParameter ? "diamond" : "circle",
        fill: isParameter ? palette.background : palette[direction],
        r: 3.5,
      }),
      Plot.dot(ofKind(ofTensor, "zero"), {...cross, x: layout.zero}),
      Plot.dot(ofKind(ofTensor, "overflow"), {...cross, x: layout.overflow}),
    ];
  });
  const schemesWith = (kind: SpreadKind) =>
    [...new Set(ofKind(rows, kind).map(({scheme}) => scheme))].map((scheme) => ({scheme}));
  const label = {...text, y: layout.feetEnd + 10, textAnchor: "middle"} as const;
  return [
    ...series,
    Plot.text(schemesWith("zero"), {...label, x: layout.zero, text: () => "0"}),
    Plot.text(schemesWith("overflow"), {...label, x: layout.overflow, text: () => "∞"}),
  ];
}

const ofKind = (rows: readonly VarianceRow[], kind: SpreadKind) =>
  rows.filter(({spread}) => spreadKind(spread) === kind);

/** The name of every series above its first point: forward values in one line, backward ones in another. */
function seriesLabelMarks({rows, schemes, layout, palette, facet, text}: View): Plot.Markish[] {
  const labels = schemes.flatMap((scheme, i) =>
    (["forward", "backward"] as const).flatMap((direction) =>
      placeLabels(
        rows.filter((row) => row.scheme === scheme),
        tensorStyles.filter((style) => style.direction === direction),
        {...layout, roomLeft: i === 0 || layout.isStacked ? layerLabelWidth - 30 : panelGap / 2},
      ),
    ),
  );
  const color = ({direction}: TensorStyle) => palette[direction];
  const y = ({direction}: TensorStyle) => labelYs[direction];
  return [
    Plot.link(labels, {
      ...facet,
      x1: "x",
      x2: "anchor",
      y1: (label) => y(label) + 7,
      y2: layout.rowOf,
      stroke: color,
      strokeOpacity: 0.45,
    }),
    Plot.text(labels, {
      ...text,
      x: "x",
      y,
      textAnchor: "middle",
      text: "plural",
      fill: color,
      fontWeight: 600,
      stroke: palette.background,
      strokeWidth: 5,
    }),
  ];
}

/** The first point of each series, and the x of its name: as near as the other names allow. */
function placeLabels(
  rows: readonly VarianceRow[],
  styles: readonly TensorStyle[],
  {low, high, panelWidth, roomLeft}: VarianceLayout & {readonly roomLeft: number},
) {
  const powersPerPixel = (high - low) / panelWidth;
  const labels = styles.flatMap((style) => {
    const series = ofKind(rows, "power").filter(({tensor}) => tensor === style.tensor);
    if (series.length === 0) return [];
    const {scheme, layer, spread} = series.reduce((first, row) => (row.depth < first.depth ? row : first));
    return [{...style, scheme, layer, anchor: Math.log2(spread)}];
  });
  const middles = separate(
    labels.map(({anchor, plural}) => ({
      middle: (anchor - low) / powersPerPixel,
      size: (plural.length + 2) * characterWidth,
    })),
    [-roomLeft, panelWidth],
  );
  return labels.map((label, i) => ({...label, x: low + middles[i] * powersPerPixel}));
}

/** The scheme's name, and what its panel shows. */
function headingMarks({rows, schemes, format, layout, palette, widthOf, text}: View): Plot.Markish[] {
  const ofScheme = ({scheme}: {scheme: string}) => rows.filter((row) => row.scheme === scheme);
  const panels = schemes.map((scheme) => ({scheme}));
  const sentenceRoom = layout.isStacked ? layout.width - 14 : layout.panelWidth + layout.marginRight;
  const line = {
    ...text,
    x: layout.low,
    dx: layout.isStacked ? 12 - layerLabelWidth : 0,
    fill: palette.ink,
    fontSize: 12.5,
  };
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
      y: subtitleYs[0],
      text: (panel) => {
        const sentence = extentSentence(ofScheme(panel));
        const short = sentence.replace(/^spreads from /, "");
        return fitting([sentence, short], sentenceRoom, widthOf, {size: line.fontSize});
      },
    }),
    Plot.text(panels, {
      ...line,
      y: subtitleYs[1],
      text: (panel) =>
        fitting(lossSentences(ofScheme(panel), format), sentenceRoom, widthOf, {size: line.fontSize}),
    }),
  ];
}

function extentSentence(rows: readonly VarianceRow[]): string {
  const range = spreadRange(rows);
  const of = (kind: SpreadKind, what: string) => {
    const count = ofKind(rows, kind).length;
    return count > 0 ? [`${count} ${count > 1 ? "tensors" : "tensor"} ${what}`] : [];
  };
  const extent = range
    ? [`spreads from ${powerLabel(power(range.low))} to ${powerLabel(power(range.high))}`]
    : [];
  return [...extent, ...of("zero", "of zeros"), ...of("overflow", "beyond all numbers")].join(", and ");
}

/** How many tensors a cast to the format damages, in full and in short. */
function lossSentences(rows: readonly VarianceRow[], format: RecordedFormat): string[] {
  const count = underflowingRows(rows, format).length;
  return [" of their values", ""].map(
    (what) =>
      `${count || "none"} of ${rows.length} tensors lose over ${percentage(noticeableShare)}${what} in ${formatRange(format).label}`,
  );
}

function tipMark({rows, layout, palette, facet}: View): Plot.Markish {
  const title = (row: VarianceRow) =>
    `${row.layer}, ${row.tensor}\nspread ${row.spread.toPrecision(3)} ≈ ${powerLabel(power(row))}`;
  return Plot.tip(
    ofKind(rows, "power"),
    Plot.pointer({
      ...facet,
      x: power,
      y: layout.rowOf,
      title,
      fill: palette.background,
      stroke: palette.rule,
      fontSize: 12,
      lineHeight: 1.3,
    }),
  );
}

const power = ({spread}: {spread: number}): number => Math.log2(spread);

/** "block 2 mlp up" is the part "mlp up" of "block 2"; layers outside the blocks are parts of nothing. */
function partsOf(layer: string): {block: string | null; part: string} {
  const match = /^(block \d+) (.+)$/.exec(layer);
  return match ? {block: match[1], part: match[2]} : {block: null, part: layer};
}

/** First and last layer of every block. */
function blocksOf(layers: readonly string[]): {block: string; first: string; last: string}[] {
  const blocks = new Map<string, {block: string; first: string; last: string}>();
  for (const layer of layers) {
    const {block} = partsOf(layer);
    if (block) blocks.set(block, {block, first: blocks.get(block)?.first ?? layer, last: layer});
  }
  return [...blocks.values()];
}

function selectOnClick(
  chart: Element & ElementCSSInlineStyle,
  {width, panelHeight, layerAt}: VarianceLayout,
  onSelect: (layer: string) => void,
): void {
  chart.style.setProperty("cursor", "pointer");
  chart.addEventListener("click", (event) => {
    const box = chart.getBoundingClientRect();
    const y = ((event as MouseEvent).clientY - box.top) * (width / box.width);
    const layer = layerAt(y % panelHeight);
    if (layer) onSelect(layer);
  });
}
