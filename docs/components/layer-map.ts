import * as Plot from "npm:@observablehq/plot";
import type {ProbedTensor} from "../src/nn/program.js";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {layerParts} from "./layer-parts.js";
import {type Palette, pagePalette} from "./palette.js";
import {tensorStyles} from "./tensor-styles.js";
import {type TextWidth, textWidth, widest, wrapped} from "./text-width.js";

/** One tensor at one step. */
export interface MapCell {
  readonly layer: string;
  readonly tensor: ProbedTensor;
  readonly step: number;
  /** Index of the shade; null where there is nothing to tell. */
  readonly shade: number | null;
  /** What is read when the cell is pointed at. */
  readonly title: string;
}

/** A range of values that looks the same. */
export interface MapShade {
  readonly label: string;
  readonly color: keyof Palette;
  /** From 0, as the background, to 1. */
  readonly strength: number;
}

export interface LayerMapOptions {
  /** From the embedding to the head. */
  readonly layers: readonly string[];
  /** At which the tensors were looked at. */
  readonly steps: readonly number[];
  readonly shades: readonly MapShade[];
  /** What the shades stand for. */
  readonly legend: string;
  /** The chart in a sentence. */
  readonly label: string;
  /** A cell with a ring around it, and the word beside it. */
  readonly mark?: {readonly cell: Pick<MapCell, "layer" | "tensor" | "step">; readonly word: string};
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const legendY = 12;
const legendLineHeight = 13;
const panelTop = 70;
const panelTitle = 16;
const stepAxis = 40;
const panelGap = 14;
const rowHeight = 16;
const marginRight = 6;
/** Of the names of blocks, with the lines beside them. */
const blockWidth = 15;

/** Below this width the four panels stand two by two. */
const narrow = 660;

/** Where everything is, in pixels from the top left corner. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly isNarrow: boolean;
  /** Room for the names of the layers. */
  readonly nameWidth: number;
  readonly panelWidth: number;
  readonly panelHeight: number;
  readonly cellWidth: number;
  readonly cellOf: (place: Pick<MapCell, "layer" | "tensor" | "step">) => {
    x1: number;
    x2: number;
    y1: number;
    y2: number;
  };
  readonly panels: readonly {
    readonly tensor: ProbedTensor;
    readonly title: string;
    readonly x: number;
    readonly y: number;
  }[];
}

/**
 * Every tensor of a run at every step where it was looked at: a panel for each of the four tensors of a layer, in it a
 * row for each layer and a column for each step.
 */
export function layerMap(
  cells: readonly MapCell[],
  {
    layers,
    steps,
    shades,
    legend,
    label,
    mark,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: LayerMapOptions,
): SVGSVGElement {
  const widthOf = textWidth(document);
  const legendLines = wrapped(legend, width - 2, widthOf, {weight: 600});
  const moreLegend = (legendLines.length - 1) * legendLineHeight;
  const layout = mapLayout({layers, steps, width, widthOf, moreLegend});
  const text = {fontSize: 11, fill: palette.muted, textAnchor: "start"} as const;
  const chart = Plot.plot({
    document,
    width,
    height: layout.height,
    margin: 0,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {domain: [0, width], range: [0, width], axis: null},
    y: {domain: [0, layout.height], range: [0, layout.height], axis: null},
    marks: [
      ...legendMarks(shades, {legendLines, moreLegend, palette, text, width}),
      ...nameMarks(layers, {layout, text, palette}),
      ...panelMarks(cells, {layout, steps, shades, palette, text}),
      ...markMarks(mark, {layout, palette, text}),
      tipMark(cells, {layout, palette}),
    ],
  });
  return accessibleSvg(chart, label);
}

function mapLayout({
  layers,
  steps,
  width,
  widthOf,
  moreLegend,
}: {
  layers: readonly string[];
  steps: readonly number[];
  width: number;
  widthOf: TextWidth;
  moreLegend: number;
}): Layout {
  const isNarrow = width < narrow;
  const columns = isNarrow ? 2 : 4;
  const parts = layers.map((layer) => layerParts(layer).part);
  const nameWidth = Math.max(isNarrow ? 114 : 132, blockWidth + 10 + Math.ceil(widest(parts, widthOf)));
  const panelWidth = (width - nameWidth - marginRight - panelGap * (columns - 1)) / columns;
  const cellWidth = panelWidth / steps.length;
  const panelHeight = layers.length * rowHeight;
  const titleFace = {size: isNarrow ? 11 : 12, weight: 700};
  const isTitleLong = tensorStyles.some(({plural}) => widthOf(plural, titleFace) > panelWidth + panelGap - 4);
  const moreTitle = isTitleLong ? panelTitle : 0;
  const pitch = panelTitle + moreTitle + panelHeight + stepAxis;
  const panels = tensorStyles.map(({tensor, plural}, i) => ({
    tensor,
    // Two words, one below the other where they have no room beside each other.
    title: isTitleLong ? plural.replace(" ", "\n") : plural,
    x: nameWidth + (i % columns) * (panelWidth + panelGap),
    y: panelTop + moreLegend + moreTitle + Math.floor(i / columns) * pitch,
  }));
  const cellOf: Layout["cellOf"] = ({layer, tensor, step}) => {
    const {x, y} = panels.find((panel) => panel.tensor === tensor)!;
    const [column, row] = [steps.indexOf(step), layers.indexOf(layer)];
    return {
      x1: x + column * cellWidth,
      x2: x + (column + 1) * cellWidth,
      y1: y + row * rowHeight,
      y2: y + (row + 1) * rowHeight,
    };
  };
  const height = panelTop + moreLegend + (pitch * 4) / columns - panelTitle;
  return {width, height, isNarrow, nameWidth, panelWidth, panelHeight, cellWidth, cellOf, panels};
}

type TextStyle = {readonly fontSize: number; readonly fill: string; readonly textAnchor: "start"};

/** The shades in a row, each with its range below it. */
function legendMarks(
  shades: readonly MapShade[],
  {
    legendLines,
    moreLegend,
    palette,
    text,
    width,
  }: {
    legendLines: readonly string[];
    moreLegend: number;
    palette: Palette;
    text: TextStyle;
    width: number;
  },
): Plot.Markish[] {
  const swatch = Math.min(92, (width - 4) / shades.length);
  const placed = shades.map((shade, i) => ({...shade, x: 1 + i * swatch, middle: 1 + (i + 0.5) * swatch}));
  return [
    Plot.text([legendLines.join("\n")], {
      ...text,
      x: 0,
      y: legendY - 3 + moreLegend / 2,
      ...(moreLegend > 0 && {lineHeight: legendLineHeight / text.fontSize}),
      text: (words) => words,
      fill: palette.ink,
      fontWeight: 600,
    }),
    Plot.rect(placed, {
      x1: "x",
      x2: (shade) => shade.x + swatch,
      y1: legendY + moreLegend + 8,
      y2: legendY + moreLegend + 20,
      fill: (shade) => palette[shade.color as keyof Palette],
      fillOpacity: "strength",
      stroke: palette.rule,
      strokeWidth: 0.75,
    }),
    Plot.text(placed, {
      ...text,
      x: "middle",
      y: legendY + moreLegend + 29,
      textAnchor: "middle",
      fontSize: 10.5,
      text: "label",
    }),
  ];
}

/** Names of the layers left of each line of panels, gathered by block. */
function nameMarks(
  layers: readonly string[],
  {layout, text, palette}: {layout: Layout; text: TextStyle; palette: Palette},
): Plot.Markish[] {
  const lines = [...new Set(layout.panels.map(({y}) => y))];
  const names = lines.flatMap((top) =>
    layers.map((layer, i) => ({...layerParts(layer), y: top + (i + 0.5) * rowHeight})),
  );
  const blocks = lines.flatMap((top) =>
    [...new Set(layers.map((layer) => layerParts(layer).block))].flatMap((block) => {
      const rows = layers.flatMap((layer, i) => (block && layerParts(layer).block === block ? [i] : []));
      if (rows.length === 0) return [];
      return [{block, y1: top + rows[0] * rowHeight + 2, y2: top + (rows.at(-1)! + 1) * rowHeight - 2}];
    }),
  );
  return [
    Plot.text(names, {...text, x: layout.nameWidth - 8, y: "y", textAnchor: "end", text: "part"}),
    Plot.link(blocks, {x1: blockWidth, x2: blockWidth, y1: "y1", y2: "y2", stroke: palette.rule}),
    Plot.text(blocks, {
      ...text,
      x: 6,
      y: ({y1, y2}) => (y1 + y2) / 2,
      textAnchor: "middle",
      rotate: -90,
      text: "block",
    }),
  ];
}

function panelMarks(
  cells: readonly MapCell[],
  {
    layout,
    steps,
    shades,
    palette,
    text,
  }: {
    layout: Layout;
    steps: readonly number[];
    shades: readonly MapShade[];
    palette: Palette;
    text: TextStyle;
  },
): Plot.Markish[] {
  const {panels, panelWidth, panelHeight, cellWidth} = layout;
  const shaded = cells
    .filter(({shade}) => shade !== null)
    .map((cell) => {
      const {color, strength} = shades[cell.shade!];
      return {...layout.cellOf(cell), color: palette[color], strength};
    });
  const empty = cells.filter(({shade}) => shade === null).map((cell) => layout.cellOf(cell));
  const color = (tensor: ProbedTensor) =>
    palette[tensorStyles.find((style) => style.tensor === tensor)!.direction];
  // At most as many numbers below a panel as have room.
  const every = Math.ceil(44 / cellWidth / 2) * 2;
  const ticks = panels.flatMap(({x, y}) =>
    steps.flatMap((step, i) =>
      i % every === 0 ? [{step, x: x + (i + 0.5) * cellWidth, y: y + panelHeight + 10}] : [],
    ),
  );
  return [
    Plot.rect(shaded, {
      ...sides,
      fill: "color",
      fillOpacity: "strength",
      shapeRendering: "crispEdges",
    }),
    Plot.dot(empty, {
      x: ({x1, x2}) => (x1 + x2) / 2,
      y: ({y1, y2}) => (y1 + y2) / 2,
      r: 1,
      fill: palette.rule,
    }),
    Plot.rect(panels, {
      x1: "x",
      x2: ({x}) => x + panelWidth,
      y1: "y",
      y2: ({y}) => y + panelHeight,
      stroke: palette.rule,
      fill: "none",
    }),
    Plot.text(panels, {
      ...text,
      x: "x",
      y: ({y, title}) => y - (title.includes("\n") ? 15 : 9),
      text: "title",
      fontWeight: 700,
      fontSize: layout.isNarrow ? 11 : 12,
      fill: ({tensor}) => color(tensor),
    }),
    Plot.text(ticks, {...text, x: "x", y: "y", textAnchor: "middle", text: ({step}) => String(step)}),
    Plot.text(panels, {
      ...text,
      x: ({x}) => x + panelWidth / 2,
      y: ({y}) => y + panelHeight + 24,
      textAnchor: "middle",
      text: () => "step",
    }),
  ];
}

const sides = {x1: "x1", x2: "x2", y1: "y1", y2: "y2"} as const;

/** A ring around one cell, and a word on the side where there is room. */
function markMarks(
  mark: LayerMapOptions["mark"],
  {layout, palette, text}: {layout: Layout; palette: Palette; text: TextStyle},
): Plot.Markish[] {
  if (!mark) return [];
  const {x1, x2, y1, y2} = layout.cellOf(mark.cell);
  const panel = layout.panels.find(({tensor}) => tensor === mark.cell.tensor)!;
  const isLeft = (x1 + x2) / 2 - panel.x < layout.panelWidth / 2;
  const ring = [{x1: x1 - 2, x2: x2 + 2, y1: y1 - 2, y2: y2 + 2}];
  return [
    Plot.rect(ring, {...sides, fill: "none", stroke: palette.background, strokeWidth: 5, rx: 3}),
    Plot.rect(ring, {...sides, fill: "none", stroke: palette.ink, strokeWidth: 2, rx: 3}),
    Plot.text([mark.word], {
      ...text,
      x: isLeft ? x2 + 7 : x1 - 7,
      y: (y1 + y2) / 2,
      textAnchor: isLeft ? "start" : "end",
      text: (word) => word,
      fontWeight: 700,
      fill: palette.ink,
      stroke: palette.background,
      strokeWidth: 4,
      paintOrder: "stroke",
    }),
  ];
}

function tipMark(
  cells: readonly MapCell[],
  {layout, palette}: {layout: Layout; palette: Palette},
): Plot.Markish {
  const placed = cells.map((cell) => ({...layout.cellOf(cell), title: cell.title}));
  return Plot.tip(
    placed,
    Plot.pointer({
      x: ({x1, x2}) => (x1 + x2) / 2,
      y: ({y1, y2}) => (y1 + y2) / 2,
      title: "title",
      maxRadius: 12,
      fill: palette.background,
      stroke: palette.rule,
      fontSize: 12,
      lineHeight: 1.3,
    }),
  );
}
