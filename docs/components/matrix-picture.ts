import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {grayPng} from "./gray-png.js";
import type {Matrix} from "./matrix-data.js";
import {type Palette, pagePalette} from "./palette.js";
import {svgMaker} from "./svg-maker.js";

/** Part of a matrix. */
export interface Region {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

export interface MatrixPictureOptions {
  /** The values after the cast. */
  readonly after: Float32Array;
  /** Size of the blocks that share a scale. */
  readonly block: {readonly rows: number; readonly columns: number};
  /** The block that is marked. */
  readonly selected?: Region;
  /** Light is what it is; anything else has a sign, and mid-grey is zero. */
  readonly isLight: boolean;
  /** Stands below the heading of each panel: original, after the cast, lost. */
  readonly notes: readonly [string, string, string];
  readonly label: string;
  readonly onSelect?: (row: number, column: number) => void;
  /** Called with the element under the mouse, and without when it leaves. */
  readonly onHover?: (row?: number, column?: number) => void;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const headings = ["Original", "After the cast", "Lost"] as const;
const headingHeight = 42;
const gap = 20;
/** Around each picture, for the mark of a block at its edge. */
const inset = 4;
const stackBelow = 560;
const largestPanel = 360;
/** Borders closer than this would cover what they surround. */
const smallestGrid = 6;

/** A matrix before and after a cast, and the share of every value that is lost; the blocks' borders over each. */
export function matrixPicture(
  matrix: Matrix,
  {
    after,
    block,
    selected,
    isLight,
    notes,
    label,
    onSelect,
    onHover,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: MatrixPictureOptions,
): SVGSVGElement {
  const make = svgMaker(document);
  const isStacked = width < stackBelow;
  const panel = panelWidth(width);
  const panelHeight = (panel * matrix.rows) / matrix.columns;
  const step = isStacked ? panelHeight + headingHeight + gap : panel + 2 * inset + gap;
  const height = headingHeight + panelHeight + inset + (isStacked ? 2 * step : 0);
  const tone = isLight ? lightTone : signedTone(matrix.values);
  const shades = [
    toPixels(matrix, (i) => tone(matrix.values[i])),
    toPixels(matrix, (i) => tone(after[i])),
    toPixels(matrix, (i) => 255 * lostShare(matrix.values[i], after[i])),
  ];
  const pixels = {width: panel, height: panelHeight, preserveAspectRatio: "none"};
  const unit = panel / matrix.columns;

  const chart = make("svg", {width, height, viewBox: `0 0 ${width} ${height}`, "font-family": chartFont});
  for (const [i, heading] of headings.entries()) {
    const at = isStacked ? `translate(0 ${i * step})` : `translate(${i * step} 0)`;
    const group = make("g", {transform: at});
    const picture = make("image", {
      ...pixels,
      href: grayPng({width: matrix.columns, height: matrix.rows, bytes: shades[i]}),
      style: "image-rendering: pixelated",
    });
    const body = make("g", {transform: `translate(${inset} ${headingHeight})`});
    if (i < 2) body.append(picture);
    else {
      // The darker the ink, the more is lost: a mask, so that the ink is that of the page.
      const id = `lost-${width}-${palette === pagePalette ? "page" : "file"}`;
      const box = {x: 0, y: 0, width: panel, height: panelHeight};
      body.append(
        make("mask", {id, ...box, maskUnits: "userSpaceOnUse", style: "mask-type: luminance"}, picture),
        make("rect", {...box, fill: palette.ink, mask: `url(#${id})`}),
      );
    }
    body.append(
      make("path", {
        d: blockLines(matrix, block, unit),
        fill: "none",
        stroke: i < 2 ? palette.scale : palette.rule,
        "stroke-opacity": i < 2 ? 0.45 : 0.9,
        "stroke-width": 0.75,
      }),
      make("rect", {width: panel, height: panelHeight, fill: "none", stroke: palette.rule}),
    );
    if (selected) body.append(...outline(selected, unit, palette, make));
    group.append(
      make("text", {x: inset, y: 13, "font-size": 14, "font-weight": 600, fill: palette.ink}, heading),
      make("text", {x: inset, y: 31, "font-size": 12, fill: palette.muted}, notes[i]),
      body,
    );
    chart.append(group);
  }

  const elementAt = (event: MouseEvent): [number, number] | undefined => {
    const box = chart.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const inX = (isStacked ? x : x % step) - inset;
    const inY = (isStacked ? y % step : y) - headingHeight;
    if (inX < 0 || inY < 0 || inX >= panel || inY >= panelHeight) return undefined;
    return [Math.floor(inY / unit), Math.floor(inX / unit)];
  };
  if (onSelect) {
    chart.style.cursor = "crosshair";
    chart.addEventListener("click", (event) => {
      const place = elementAt(event);
      if (place) onSelect(...place);
    });
  }
  if (onHover) {
    chart.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") onHover(...(elementAt(event) ?? []));
    });
    chart.addEventListener("pointerleave", () => onHover());
  }
  return accessibleSvg(chart, label);
}

/** Moves the mark to another block without drawing the pictures again. */
export function markRegion(chart: SVGSVGElement, region: Region, unit: number): void {
  for (const mark of chart.querySelectorAll(".selected-block")) {
    for (const [name, value] of Object.entries(boxOf(region, unit))) mark.setAttribute(name, String(value));
  }
}

/** Pixels from one element to the next in a picture of some width. */
export function pixelsPerElement(matrix: Matrix, width: number): number {
  return panelWidth(width) / matrix.columns;
}

function panelWidth(width: number): number {
  const room = width < stackBelow ? width : (width - 2 * gap) / 3;
  return Math.min(room, largestPanel) - 2 * inset;
}

/** The share of a value that is gone: 0 where nothing changed, 1 where all of it or more. */
export function lostShare(before: number, after: number): number {
  if (before === after) return 0;
  const share = Math.abs((before - after) / before);
  return Number.isNaN(share) ? 1 : Math.min(share, 1);
}

/** Light as a screen shows it: the square root, near enough to what screens expect. */
const lightTone = (light: number): number => 255 * Math.sqrt(Math.min(Math.max(light || 0, 0), 1));

/** Mid-grey for zero; twice the median magnitude is half-way to black or white, so that outliers fit in too. */
function signedTone(values: Float32Array): (value: number) => number {
  const magnitudes = values.map(Math.abs).sort();
  const half = 2 * magnitudes[magnitudes.length >> 1] || 1;
  return (value) => {
    if (!Number.isFinite(value)) return value > 0 ? 255 : value < 0 ? 0 : 127.5;
    return 127.5 + (127.5 * value) / (Math.abs(value) + half);
  };
}

const toPixels = ({values}: Matrix, shade: (index: number) => number): Uint8Array =>
  Uint8Array.from({length: values.length}, (_, i) => Math.round(shade(i)));

function blockLines(matrix: Matrix, block: {rows: number; columns: number}, unit: number): string {
  const lines: string[] = [];
  const [width, height] = [matrix.columns * unit, matrix.rows * unit];
  if (block.columns * unit >= smallestGrid) {
    for (let x = block.columns; x < matrix.columns; x += block.columns)
      lines.push(`M${x * unit} 0V${height}`);
  }
  if (block.rows * unit >= smallestGrid) {
    for (let y = block.rows; y < matrix.rows; y += block.rows) lines.push(`M0 ${y * unit}H${width}`);
  }
  return lines.join("");
}

/** Wide enough to be seen around a block of one row. */
function boxOf({row, column, rows, columns}: Region, unit: number) {
  return {
    x: column * unit - 1.5,
    y: row * unit - 1.5,
    width: columns * unit + 3,
    height: rows * unit + 3,
  };
}

function outline(region: Region, unit: number, palette: Palette, make: ReturnType<typeof svgMaker>): Node[] {
  const shape = {class: "selected-block", ...boxOf(region, unit), fill: "none"};
  return [
    make("rect", {...shape, stroke: palette.background, "stroke-width": 5}),
    make("rect", {...shape, stroke: palette.scale, "stroke-width": 2.5}),
  ];
}
