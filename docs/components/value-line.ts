import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {hexCode} from "./code-bits.js";
import {binadeLayout, type LineLayout, linearLayout} from "./line-layout.js";
import type {LineValue} from "./line-values.js";
import {fractionText, numberText} from "./number-text.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerLabel} from "./power-label.js";

export type LineScale = "binades" | "linear";

export interface ValueLineOptions {
  /** One or two, as the rows call them: the first stands above the line, the second below. */
  readonly formats: readonly string[];
  /** Lines of text at the top. */
  readonly headings?: readonly string[];
  readonly scale?: LineScale;
  /** The code of the first format that is marked. */
  readonly selected?: number;
  /** A value that is marked whether a format has it or not. */
  readonly typed?: number;
  /** Called with the row that is clicked. */
  readonly onSelect?: (row: LineValue) => void;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

// Pixels, from the top of a row of the line.
const markHeight = 30;
const selectedHeight = 22;
const labelHeight = 22;
const rowGap = 12;
const headingHeight = 20;

/** Room for a mark and the gap beside it. */
const markPitch = 5;

interface View {
  readonly marks: readonly Mark[];
  readonly layout: LineLayout;
  readonly strips: number;
  readonly top: number;
  readonly rowHeight: number;
  readonly palette: Palette;
  readonly scale: LineScale;
}

/** A value where it is drawn. */
interface Mark extends LineValue {
  readonly x: number;
  readonly y1: number;
  readonly y2: number;
  readonly isSelected: boolean;
}

/**
 * All values of one or two formats of at most 8 bits as marks on a number line: the first format's above it, the second's
 * below, values that both have in one pale stroke through it. By binades the line shows positive values only.
 */
export function valueLine(
  rows: readonly LineValue[],
  {
    formats,
    headings = [],
    scale = "binades",
    selected,
    typed,
    onSelect,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: ValueLineOptions,
): SVGSVGElement {
  const shown = rows.filter(({value}) => scale === "linear" || value > 0);
  const layout = scale === "linear" ? linearLayout(extent(shown), {width}) : binades(shown, width);
  const strips = formats.length;
  const top = headings.length * headingHeight + (headings.length > 0 ? 10 : 0);
  const rowHeight = selectedHeight + strips * markHeight + labelHeight + rowGap;
  const chosen = rows.find(({format, code}) => format === formats[0] && code === selected);
  const magnitude = (x: number) => (scale === "linear" ? x : Math.abs(x));
  const marks = shown.flatMap((row): Mark[] => {
    const place = layout.placeOf(row.value);
    if (!place) return [];
    const line = top + place.row * rowHeight + selectedHeight + markHeight;
    const length = row.kind === "subnormal" ? markHeight * 0.55 : markHeight;
    const isBelow = row.format !== formats[0];
    const isSelected = !isBelow && chosen !== undefined && row.value === magnitude(chosen.value);
    return [{...row, x: place.x, y1: line, y2: isBelow ? line + length : line - length, isSelected}];
  });
  const view: View = {marks, layout, strips, top, rowHeight, palette, scale};
  const height = top + layout.rows * rowHeight;
  const chart = Plot.plot({
    document,
    width,
    height,
    margin: 0,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {type: "identity", axis: null},
    y: {type: "identity", axis: null},
    marks: [
      headingMarks(headings, palette),
      axisMarks(view),
      valueMarks(view),
      typed === undefined ? [] : typedMarks(magnitude(typed), view),
      selectionMarks(view, chosen),
      tipMark(view),
    ],
  });
  if (onSelect) selectOnClick(chart, marks, {width, onSelect});
  return accessibleSvg(chart, headings.join(" "));
}

/** Wide enough binades that the marks of the densest one can be told apart. */
function binades(shown: readonly LineValue[], width: number): LineLayout {
  const positions = shown.map(({value}) => Math.floor(Math.log2(value)));
  const [start, end] = positions.length > 0 ? [Math.min(...positions), Math.max(...positions) + 1] : [0, 1];
  const counts = new Map<string, number>();
  for (const [i, {format}] of shown.entries()) {
    const key = `${format} ${positions[i]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const densest = Math.min(Math.max(1, ...counts.values()), 32);
  return binadeLayout({start, end}, {width, binadeWidth: Math.max(14, densest * markPitch)});
}

function extent(shown: readonly LineValue[]): {start: number; end: number} {
  const values = shown.map(({value}) => value);
  return {start: Math.min(0, ...values), end: Math.max(0, ...values)};
}

function headingMarks(headings: readonly string[], palette: Palette): Plot.Markish[] {
  return headings.map((heading, i) =>
    Plot.text([heading], {
      x: 0,
      y: i * headingHeight + headingHeight / 2,
      text: (text) => text,
      textAnchor: "start",
      fontSize: 13,
      fontWeight: i === 0 ? 700 : 400,
      fill: palette.ink,
    }),
  );
}

/** The line of every row, and its labels below. */
function axisMarks({layout, strips, top, rowHeight, palette, scale}: View): Plot.Markish[] {
  const lineY = (row: number) => top + row * rowHeight + selectedHeight + markHeight;
  const lines = Array.from({length: layout.rows}, (_, row) => ({row}));
  const ticks = layout.ticks.flatMap((value) => {
    const place = layout.placeOf(value);
    return place ? [{value, ...place}] : [];
  });
  const label = (value: number) =>
    scale === "linear"
      ? numberText(Number(value.toPrecision(6)))
      : value === 1
        ? "1"
        : powerLabel(Math.log2(value));
  const foot = (strips - 1) * markHeight;
  return [
    Plot.link(lines, {
      x1: layout.left - 6,
      x2: layout.right + 6,
      y1: ({row}) => lineY(row),
      y2: ({row}) => lineY(row),
      stroke: palette.rule,
    }),
    Plot.link(ticks, {
      x1: "x",
      x2: "x",
      y1: ({row}) => lineY(row),
      y2: ({row}) => lineY(row) + foot + 5,
      stroke: palette.rule,
    }),
    Plot.text(ticks, {
      x: "x",
      y: ({row}) => lineY(row) + foot + 14,
      text: ({value}) => label(value),
      fill: palette.muted,
      fontSize: 11,
    }),
  ];
}

/** Shared values are pale, subnormal ones short. */
function valueMarks({marks, palette}: View): Plot.Markish[] {
  const link = {x1: "x", x2: "x", y1: "y1", y2: "y2", strokeWidth: 1.5, className: "value-strokes"} as const;
  return [
    Plot.link(
      marks.filter(({isShared}) => isShared),
      {...link, stroke: palette.ink, strokeOpacity: 0.38},
    ),
    Plot.link(
      marks.filter(({isShared}) => !isShared),
      {...link, stroke: palette.ink},
    ),
  ];
}

/** Where the typed value is: a hollow arrow head on the line. */
function typedMarks(typed: number, {layout, top, rowHeight, palette}: View): Plot.Markish[] {
  const place = layout.placeOf(typed);
  if (!place) return [];
  return [
    Plot.dot([place], {
      x: "x",
      y: top + place.row * rowHeight + selectedHeight + markHeight,
      symbol: "diamond",
      r: 5,
      stroke: palette.mantissa,
      fill: palette.background,
      strokeWidth: 1.75,
    }),
  ];
}

function selectionMarks({marks, palette, layout}: View, chosen: LineValue | undefined): Plot.Markish[] {
  const selected = marks.filter(({isSelected}) => isSelected);
  const room = layout.right;
  return [
    Plot.link(selected, {
      x1: "x",
      x2: "x",
      y1: "y1",
      y2: ({y1}) => y1 - markHeight - 4,
      stroke: palette.mantissa,
      strokeWidth: 4,
    }),
    ...selected.map((mark) =>
      Plot.text([mark], {
        x: "x",
        y: ({y1}) => y1 - markHeight - 13,
        text: () => numberText(chosen!.value),
        textAnchor: mark.x < 60 ? "start" : mark.x > room - 60 ? "end" : "middle",
        fill: palette.mantissa,
        stroke: palette.background,
        strokeWidth: 4,
        fontSize: 13,
        fontWeight: 700,
      }),
    ),
  ];
}

function tipMark({marks, palette}: View): Plot.Markish {
  return Plot.tip(
    marks,
    Plot.pointer({
      x: "x",
      y: ({y1, y2}) => (y1 + y2) / 2,
      title: ({format, bits, value, kind}) => {
        const fraction = value === 0 ? null : fractionText(value);
        return `${numberText(value)}${fraction ? ` = ${fraction}` : ""}\n${format}, ${kind}\n${bits} = ${hexCode(bits)}`;
      },
      fill: palette.background,
      stroke: palette.rule,
      fontSize: 12,
      lineHeight: 1.3,
    }),
  );
}

/** A click chooses the nearest mark, if there is one near. */
function selectOnClick(
  chart: Element & ElementCSSInlineStyle,
  marks: readonly Mark[],
  {width, onSelect}: {width: number; onSelect: (row: LineValue) => void},
): void {
  chart.style.setProperty("cursor", "pointer");
  chart.addEventListener("click", (event) => {
    const box = chart.getBoundingClientRect();
    const scale = width / box.width;
    const x = ((event as MouseEvent).clientX - box.left) * scale;
    const y = ((event as MouseEvent).clientY - box.top) * scale;
    let nearest: Mark | undefined;
    let least = 24;
    for (const mark of marks) {
      const low = Math.min(mark.y1, mark.y2);
      const high = Math.max(mark.y1, mark.y2);
      const distance = Math.hypot(mark.x - x, Math.max(low - y, y - high, 0));
      if (distance < least) [nearest, least] = [mark, distance];
    }
    if (nearest) onSelect(nearest);
  });
}
