import {max, min} from "npm:d3";
import {type FormatRange, formatRange} from "./format-range.js";
import {layersByDepth} from "./layers-by-depth.js";
import {type SpreadKind, spreadKind} from "./spread-kind.js";
import type {VarianceRow} from "./variance-row.js";

// Pixels from the top of a panel; inside a panel y is in pixels, so that text and rows can be placed exactly.
export const titleY = 16;
export const subtitleYs = [37, 55];
export const labelYs = {forward: 80, backward: 98};
export const rowsY = 124;

export const layerLabelWidth = 124;
export const footHeight = 18;
const axisHeight = 38;
export const panelGap = 28;
const marginRight = 12;

/** Side by side, a panel must have room for the names of its series. */
const stackBelow = 660;

export interface VarianceLayoutOptions {
  readonly schemes: readonly string[];
  readonly formats: readonly string[];
  readonly width: number;
  readonly rowHeight: number;
}

/** What of a row the scales follow from. */
export type ScaleRow = Pick<VarianceRow, "depth" | "layer" | "spread">;

/** Where everything in the variance chart is: one panel per scheme, with a row for each layer. */
export interface VarianceLayout {
  readonly width: number;
  readonly height: number;
  readonly marginLeft: number;
  readonly marginRight: number;
  readonly isStacked: boolean;
  readonly panelWidth: number;
  readonly panelHeight: number;
  /** Share of the facet step that lies between the panels. */
  readonly padding: number;
  /** Powers of two at the ends of the x scale. */
  readonly low: number;
  readonly high: number;
  /** Where tensors stand whose values are all zero: left of every power that is shown. */
  readonly zero: number;
  /** Where tensors stand with values beyond all numbers: right of every power. */
  readonly overflow: number;
  readonly layers: readonly string[];
  readonly rowHeight: number;
  /** Middle of a layer's row. */
  readonly rowOf: (row: {readonly layer: string}) => number;
  /** The layer at a height in a panel. */
  readonly layerAt: (y: number) => string | undefined;
  /** From the narrowest to the widest; each range ends in a foot that carries its name, one below the other. */
  readonly ranges: readonly (FormatRange & {readonly footEnd: number})[];
  readonly feetEnd: number;
}

/** @param rows every scheme's rows of one stage and recipe, so that the scales do not depend on what is shown */
export function varianceLayout(
  rows: readonly ScaleRow[],
  {schemes, formats, width, rowHeight}: VarianceLayoutOptions,
): VarianceLayout {
  const layers = layersByDepth(rows);
  const indexOf = new Map(layers.map((layer, i) => [layer, i]));
  const feetY = rowsY + layers.length * rowHeight + 8;
  const ranges = formats
    .map(formatRange)
    .sort((a, b) => a.largest - a.smallest - (b.largest - b.smallest))
    .map((range, i) => ({...range, footEnd: feetY + (i + 1) * footHeight}));
  const feetEnd = feetY + ranges.length * footHeight;
  const panelHeight = feetEnd + axisHeight;
  const isStacked = width < stackBelow;
  const columns = isStacked ? 1 : schemes.length;
  const panelWidth = (width - layerLabelWidth - marginRight - panelGap * (columns - 1)) / columns;
  // A long run has more probes than a call can have arguments.
  const powers = rows
    .filter(({spread}) => spreadKind(spread) === "power")
    .map(({spread}) => Math.log2(spread));
  const smallest = Math.floor(Math.min(min(powers) ?? 0, ...ranges.map((range) => range.smallest)));
  const largest = Math.ceil(Math.max(max(powers) ?? 0, ...ranges.map((range) => range.largest)));
  const has = (kind: SpreadKind) => rows.some(({spread}) => spreadKind(spread) === kind);
  return {
    width,
    height: panelHeight * (isStacked ? schemes.length : 1),
    marginLeft: layerLabelWidth,
    marginRight,
    isStacked,
    panelWidth,
    panelHeight,
    padding: columns === 1 ? 0 : panelGap / (panelWidth + panelGap),
    low: smallest - (has("zero") ? 6 : 1),
    zero: smallest - 4,
    overflow: largest + 4,
    high: largest + (has("overflow") ? 6 : 1),
    layers,
    rowHeight,
    rowOf: ({layer}) => rowsY + (indexOf.get(layer)! + 0.5) * rowHeight,
    layerAt: (y) => layers[Math.floor((y - rowsY) / rowHeight)],
    ranges,
    feetEnd,
  };
}
