import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import {chartFont} from "./chart-font.js";
import {errorText} from "./error-text.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerLabel} from "./power-label.js";
import type {WidthRow} from "./width-row.js";
import {hopperWidth, libraryInterval, widthSentence} from "./width-sentence.js";

export interface WidthChartOptions {
  readonly data: string;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

const rowHeight = 22;
const marginTop = 46;
const marginBottom = 8;
const marginLeft = 34;
/** Below this width nothing stands beside the cells. */
const narrow = 600;

/** Errors from which a cell is full, and up to which it is empty. */
const fullError = 0.1;
const emptyError = 1e-7;

/** Opacity of a full cell, on which ink can still be read, in the light as in the dark. */
const fullOpacity = 0.52;

/** How opaque a cell is: linear in the logarithm of its error. */
function opacity({rms}: WidthRow): number {
  const share = Math.log(Math.max(rms, emptyError) / emptyError) / Math.log(fullError / emptyError);
  return fullOpacity * Math.min(1, share);
}

/** The error by the bits that a unit keeps, downwards, and the products until promotion, to the right. */
export function widthChart(
  rows: readonly WidthRow[],
  {data, width = 960, palette = pagePalette, document = globalThis.document}: WidthChartOptions,
): SVGSVGElement {
  const shown = rows.filter((row) => row.data === data);
  const widths = [...new Set(shown.map((row) => row.fraction_bits))];
  const intervals = [...new Set(shown.map((row) => row.promotion))];
  const isNarrow = width < narrow;
  const marginRight = isNarrow ? 4 : 190;
  const chain = shown[0].k;
  const place = {x: "promotion", y: "fraction_bits"} as const;
  const marked = shown.filter(
    ({fraction_bits, promotion}) =>
      fraction_bits === hopperWidth && (promotion === libraryInterval || promotion === chain),
  );
  const text = {fontSize: 11, fill: palette.muted} as const;
  const cellWidth = (width - marginLeft - marginRight) / intervals.length;
  const chart = Plot.plot({
    document,
    width,
    height: marginTop + marginBottom + rowHeight * widths.length,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {type: "band", domain: intervals, axis: null, padding: 0, round: false},
    y: {type: "band", domain: widths, axis: null, padding: 0, round: false},
    marks: [
      Plot.cell(shown, {...place, fill: palette.fp8, fillOpacity: opacity, inset: 0.5}),
      Plot.text(shown, {
        ...place,
        text: (row) => cellText(row, cellWidth),
        fill: palette.ink,
        fontSize: isNarrow ? 9.5 : 11,
        fontVariant: "tabular-nums",
      }),
      Plot.cell(marked, {...place, fill: "none", stroke: palette.ink, strokeWidth: 2.5, inset: 0.5}),
      Plot.text(widths, {
        ...text,
        y: (bits: number) => bits,
        frameAnchor: "left",
        dx: -8,
        textAnchor: "end",
        text: String,
        fill: (bits: number) => (bits === hopperWidth ? palette.ink : palette.muted),
      }),
      Plot.text(intervals, {
        ...text,
        x: (interval: number) => interval,
        frameAnchor: "top",
        dy: -12,
        text: (interval: number) => (interval === chain ? "never" : interval.toLocaleString("en")),
      }),
      Plot.text(["products until the sum is promoted to fp32"], {
        ...text,
        frameAnchor: "top-left",
        textAnchor: "start",
        dy: -32,
        text: (title: string) => title,
      }),
      Plot.text(["bits"], {
        ...text,
        frameAnchor: "top-left",
        textAnchor: "start",
        dx: 1 - marginLeft,
        dy: -12,
        text: (title: string) => `${title} ↓`,
      }),
      ...(isNarrow ? [] : hardwareNotes(palette)),
      Plot.tip(
        shown,
        Plot.pointer({
          ...place,
          title: (row: WidthRow) =>
            `${row.fraction_bits} bits, ${row.promotion === chain ? "one chain" : `promoted every ${row.promotion.toLocaleString("en")}`}\nroot mean square ${errorText(row.rms)}\nmean error ${errorText(row.bias)}`,
          fill: palette.background,
          stroke: palette.rule,
          fontSize: 12,
          lineHeight: 1.3,
        }),
      ),
    ],
  });
  return accessibleSvg(chart, widthSentence(rows, data));
}

/** Which rows are built, beside them. */
function hardwareNotes(palette: Palette): Plot.Markish[] {
  const notes = [
    {bits: hopperWidth, text: "H100 FP8: in one chain (fast),"},
    {bits: hopperWidth + 1, text: `or promoted every ${libraryInterval} (default)`},
    {bits: 23, text: "V100 FP16 keeps 23,"},
    {bits: 24, text: "A100 24, H100 FP16 25"},
  ];
  return [
    Plot.text(notes, {
      y: "bits",
      frameAnchor: "right",
      dx: 8,
      textAnchor: "start",
      text: "text",
      fontSize: 11,
      fill: palette.ink,
    }),
  ];
}

/** An error in as few characters as its cell has room for. */
function cellText({rms}: WidthRow, cellWidth: number): string {
  if (rms >= 0.0001) return cellWidth < 46 && rms >= 0.095 ? `${(rms * 100).toFixed(0)}%` : errorText(rms);
  return `${powerLabel(Math.round(Math.log10(rms * 100)), 10)}%`;
}
