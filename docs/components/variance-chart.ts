import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {formatRange} from "./format-range.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerOfTwo} from "./power-of-two.js";
import {separate} from "./separate.js";
import {spreadRange} from "./spread-range.js";
import {type TensorStyle, tensorStyles} from "./tensor-styles.js";
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
  /** The format whose limits are drawn through the rows. */
  readonly format?: string;
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

const schemeTitles: Record<string, string> = {standard: "Standard", unit: "Unit scaling"};

// Pixels from the top of a panel. Inside a panel y is in pixels, so that text and rows can be placed exactly.
const titleY = 10;
const subtitleY = 30;
const labelYs = {forward: 56, backward: 74};
const rowsY = 96;
const footHeight = 18;
const axisHeight = 38;

const layerLabelWidth = 116;
const panelGap = 28;
const marginRight = 12;
const stackBelow = 720;

/** Mean advance of an 11 pixel label, on the wide side. */
const characterWidth = 6.4;

/**
 * Spread (root mean square) of every layer's tensors: depth runs downwards, powers of two across, one panel for each
 * scheme. Shaded are the ranges of number formats.
 */
export function varianceChart(
  rows: readonly VarianceRow[],
  {
    stage = "initial",
    recipe = "fp32",
    schemes = ["standard", "unit"],
    formats = ["e4m3fn", "e5m2", "fp16"],
    format,
    layer: selected,
    onSelect,
    width = 960,
    rowHeight = 24,
    palette = pagePalette,
    document = globalThis.document,
  }: VarianceChartOptions = {},
): SVGSVGElement {
  const ofRun = rows.filter((row) => row.stage === stage && row.recipe === recipe && row.spread > 0);
  const shown = ofRun.filter((row) => schemes.includes(row.scheme));
  const layers = layersOf(ofRun);
  const middles = new Map(layers.map((layer, i) => [layer, rowsY + (i + 0.5) * rowHeight]));
  const x = (row: {spread: number}) => Math.log2(row.spread);
  const y = (row: {layer: string}) => middles.get(row.layer);
  const rowsEnd = rowsY + layers.length * rowHeight;
  const feetY = rowsEnd + 8;
  const feetEnd = feetY + formats.length * footHeight;
  const panelHeight = feetEnd + axisHeight;

  const isStacked = width < stackBelow && schemes.length > 1;
  const columns = isStacked ? 1 : schemes.length;
  const panelWidth = (width - layerLabelWidth - marginRight - panelGap * (columns - 1)) / columns;
  const facet = isStacked ? "fy" : "fx";
  const byScheme = {[facet]: "scheme"};
  const panels = schemes.map((scheme) => ({scheme}));
  const inEveryPanel = <T extends object>(items: readonly T[]) =>
    panels.flatMap((panel) => items.map((item) => ({...item, ...panel})));
  const inLabelledPanels = <T extends object>(items: readonly T[]) =>
    inEveryPanel(items).filter(({scheme}) => isStacked || scheme === schemes[0]);

  const ranges = formats
    .map(formatRange)
    .sort((a, b) => a.largest - a.smallest - (b.largest - b.smallest))
    .map((range, i) => ({...range, footEnd: feetY + (i + 1) * footHeight}));
  const [low, high] = domain(ofRun.map(x), ranges);
  const labels = schemes.flatMap((scheme) =>
    placeLabels(
      shown.filter((row) => row.scheme === scheme),
      {low, powersPerPixel: (high - low) / panelWidth, panelWidth},
    ).map((label) => ({...label, scheme})),
  );

  const text = {...byScheme, textAnchor: "start", fontSize: 11, fill: palette.muted} as const;
  const halo = {stroke: palette.background, strokeWidth: 5, strokeLinejoin: "round"} as const;
  const gutter = {...text, x: low, textAnchor: "end", dx: -10} as const;

  const chart = Plot.plot({
    document,
    width,
    height: panelHeight * (isStacked ? schemes.length : 1),
    marginTop: 0,
    marginBottom: 0,
    marginLeft: layerLabelWidth,
    marginRight,
    style: {color: palette.ink, background: "none", fontFamily: "system-ui, sans-serif"},
    x: {domain: [low, high], axis: null},
    y: {domain: [0, panelHeight], range: [0, panelHeight], axis: null},
    [facet]: {
      domain: schemes,
      axis: null,
      round: false,
      padding: isStacked ? 0 : panelGap / (panelWidth + panelGap),
    },
    marks: [
      // The ranges, nested: what is shaded darkest fits into every format. Each stands on a foot with its name.
      Plot.rect(inEveryPanel(ranges), {
        ...byScheme,
        x1: "smallest",
        x2: "largest",
        y1: rowsY - 8,
        y2: "footEnd",
        fill: palette.ink,
        fillOpacity: 0.055,
      }),
      Plot.text(inEveryPanel(ranges), {
        ...text,
        x: ({smallest, largest}) => (smallest + largest) / 2,
        y: ({footEnd}) => footEnd - footHeight / 2,
        text: "label",
        textAnchor: "middle",
        fontWeight: ({name}) => (name === format ? 700 : 400),
        fill: palette.ink,
      }),
      Plot.ruleX(
        inEveryPanel(ranges.filter(({name}) => name === format)).flatMap((range) => [
          {...range, limit: range.smallest},
          {...range, limit: range.largest},
        ]),
        {...byScheme, x: "limit", y1: rowsY - 8, y2: "footEnd", stroke: palette.ink, strokeDasharray: "2 3"},
      ),

      Plot.rect(
        inEveryPanel(layers.filter((layer) => layer === selected).map((layer) => ({layer}))),
        {
          ...byScheme,
          x1: low,
          x2: high,
          y1: (row) => y(row)! - rowHeight / 2,
          y2: (row) => y(row)! + rowHeight / 2,
          fill: palette.ink,
          fillOpacity: 0.09,
        },
      ),
      Plot.text(
        inLabelledPanels(layers.map((layer) => ({layer, ...partsOf(layer)}))),
        {
          ...gutter,
          y,
          text: "part",
          fill: ({layer}) => (layer === selected ? palette.ink : palette.muted),
          fontWeight: ({layer}) => (layer === selected ? 700 : 400),
        },
      ),
      Plot.text(inLabelledPanels(blocksOf(layers)), {
        ...gutter,
        y: ({first, last}) => (middles.get(first)! + middles.get(last)!) / 2,
        dx: 8 - layerLabelWidth,
        textAnchor: "middle",
        rotate: -90,
        text: "block",
      }),
      Plot.ruleX(inLabelledPanels(blocksOf(layers)), {
        ...byScheme,
        x: low,
        dx: 18 - layerLabelWidth,
        y1: ({first}) => middles.get(first)! - rowHeight / 2 + 3,
        y2: ({last}) => middles.get(last)! + rowHeight / 2 - 3,
        stroke: palette.rule,
      }),

      // Spread 1, where unit scaling wants everything to be.
      Plot.ruleX(panels, {...byScheme, x: 0, y1: rowsY - 8, y2: feetY + ranges.length * footHeight, stroke: palette.ink}),
      Plot.text(inEveryPanel(ticks(low, high)), {
        ...text,
        x: "power",
        y: panelHeight - axisHeight + 10,
        textAnchor: "middle",
        text: "label",
        fontWeight: ({power}) => (power === 0 ? 700 : 400),
        fill: ({power}) => (power === 0 ? palette.ink : palette.muted),
      }),
      Plot.text(panels, {
        ...text,
        x: (low + high) / 2,
        y: panelHeight - axisHeight + 27,
        textAnchor: "middle",
        text: () => "spread (root mean square)",
      }),

      ...tensorStyles.flatMap(({tensor, direction, isParameter}) => {
        const series = shown.filter((row) => row.tensor === tensor).sort((a, b) => a.depth - b.depth);
        const stroke = palette[direction];
        const strokeDasharray = isParameter ? "4 3" : undefined;
        const symbol = isParameter ? "diamond" : "circle";
        return [
          Plot.line(series, {...byScheme, x, y, stroke, strokeDasharray, strokeOpacity: 0.6}),
          Plot.dot(series, {...byScheme, x, y, stroke, symbol, r: 3.5, fill: isParameter ? palette.background : stroke}),
        ];
      }),

      Plot.link(labels, {
        ...byScheme,
        x1: "x",
        x2: "anchor",
        y1: ({direction}) => labelYs[direction as Direction] + 7,
        y2: y,
        stroke: ({direction}) => palette[direction as Direction],
        strokeOpacity: 0.45,
      }),
      Plot.text(labels, {
        ...text,
        ...halo,
        x: "x",
        y: ({direction}) => labelYs[direction as Direction],
        textAnchor: "middle",
        text: "plural",
        fill: ({direction}) => palette[direction as Direction],
        fontWeight: 600,
      }),

      Plot.text(panels, {
        ...text,
        x: low,
        y: titleY,
        text: ({scheme}) => schemeTitles[scheme] ?? scheme,
        fill: palette.ink,
        fontSize: 16,
        fontWeight: 700,
      }),
      Plot.text(panels, {
        ...text,
        x: low,
        y: subtitleY,
        fontSize: 13,
        fill: palette.ink,
        text: ({scheme}) => extentSentence(shown.filter((row) => row.scheme === scheme)),
      }),
      Plot.tip(
        shown,
        Plot.pointer({
          ...byScheme,
          x,
          y,
          title: (row: VarianceRow) => `${row.layer}, ${row.tensor}\nspread ${row.spread.toPrecision(3)} ≈ ${powerOfTwo(x(row))}`,
          fill: palette.background,
          fontSize: 12,
        }),
      ),
    ],
  });
  if (onSelect) {
    chart.style.setProperty("cursor", "pointer");
    chart.addEventListener("click", (event) => {
      const box = chart.getBoundingClientRect();
      const panelY = (((event as MouseEvent).clientY - box.top) * (width / box.width)) % panelHeight;
      const layer = layers[Math.floor((panelY - rowsY) / rowHeight)];
      if (layer) onSelect(layer);
    });
  }
  return accessibleSvg(chart, varianceTakeaway(shown));
}

type Direction = TensorStyle["direction"];

/** The layers in the order of their depth. */
function layersOf(rows: readonly VarianceRow[]): string[] {
  return [...new Set([...rows].sort((a, b) => a.depth - b.depth).map((row) => row.layer))];
}

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

/** Powers of two that show every spread and every range, with room at the sides. */
function domain(powers: readonly number[], ranges: readonly {smallest: number; largest: number}[]): [number, number] {
  const low = Math.min(...powers, ...ranges.map(({smallest}) => smallest));
  const high = Math.max(...powers, ...ranges.map(({largest}) => largest));
  return [Math.floor(low) - 1, Math.ceil(high) + 1];
}

/** Multiples of 8; the power 0 is named by what it means. */
function ticks(low: number, high: number): {power: number; label: string}[] {
  const powers = [];
  for (let power = Math.ceil(low / 8) * 8; power <= high; power += 8) powers.push(power);
  return powers.map((power) => ({power, label: power === 0 ? "1" : powerOfTwo(power)}));
}

function extentSentence(rows: readonly VarianceRow[]): string {
  const range = spreadRange(rows);
  if (!range) return "";
  return `spreads from ${powerOfTwo(Math.log2(range.low.spread))} to ${powerOfTwo(Math.log2(range.high.spread))}`;
}

/** Puts the name of every series above its first point, forward in one line and backward in another, without overlap. */
function placeLabels(rows: readonly VarianceRow[], {low, powersPerPixel, panelWidth}: LabelSpace) {
  return (["forward", "backward"] as const).flatMap((direction) => {
    const series = tensorStyles.filter((style) => style.direction === direction);
    const labels = series.flatMap(({tensor, plural}) => {
      const points = rows.filter((row) => row.tensor === tensor);
      if (points.length === 0) return [];
      const {layer, spread} = points.reduce((first, row) => (row.depth < first.depth ? row : first));
      return [{direction, plural, layer, anchor: Math.log2(spread)}];
    });
    const middles = separate(
      labels.map(({anchor, plural}) => ({
        middle: (anchor - low) / powersPerPixel,
        size: (plural.length + 2) * characterWidth,
      })),
      [0, panelWidth],
    );
    return labels.map((label, i) => ({...label, x: low + middles[i] * powersPerPixel}));
  });
}

interface LabelSpace {
  readonly low: number;
  readonly powersPerPixel: number;
  readonly panelWidth: number;
}
