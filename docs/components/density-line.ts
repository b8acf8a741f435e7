import * as Plot from "npm:@observablehq/plot";
import {accessibleSvg} from "./accessible-svg.js";
import type {Binade} from "./binades.js";
import {chartFont} from "./chart-font.js";
import {binadeLayout} from "./line-layout.js";
import {type Palette, pagePalette} from "./palette.js";
import {powerLabel} from "./power-label.js";

export interface DensityLineOptions {
  /** One or two, as the rows call them: the first stands above the line, the second below. */
  readonly formats: readonly string[];
  /** Lines of text at the top. */
  readonly headings?: readonly string[];
  /** A value whose place is marked. */
  readonly typed?: number;
  /** Called with the binade that is clicked. */
  readonly onSelect?: (row: Binade) => void;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

// Pixels.
const stripHeight = 110;
const headingHeight = 20;
const labelHeight = 26;

/** How many values the binades of one or two formats hold, on a logarithmic scale: the first above the line, the second below. */
export function densityLine(
  rows: readonly Binade[],
  {
    formats,
    headings = [],
    typed,
    onSelect,
    width = 960,
    palette = pagePalette,
    document = globalThis.document,
  }: DensityLineOptions,
): SVGSVGElement {
  const exponents = rows.map(({exponent}) => exponent);
  const start = Math.min(...exponents);
  const end = Math.max(...exponents) + 1;
  const layout = binadeLayout({start, end}, {width, binadeWidth: 0});
  const pixels = (layout.right - layout.left) / (end - start);
  const xOf = (exponent: number) => layout.left + (exponent - start) * pixels;
  const bits = ({count}: Binade) => Math.log2(count);
  const tallest = Math.max(...rows.map(bits));
  // A lone value in its binade is still seen.
  const heightOf = (row: Binade) => 4 + (bits(row) / Math.max(tallest, 1)) * (stripHeight - 26);
  const lineY = headings.length * headingHeight + (headings.length > 0 ? 10 : 0) + stripHeight;
  const height = lineY + (formats.length - 1) * stripHeight + labelHeight;
  const isAbove = ({format}: Binade) => format === formats[0];
  const top = (row: Binade) => (isAbove(row) ? lineY - heightOf(row) : lineY + heightOf(row));
  const marker = typed ? layout.placeOf(Math.abs(typed)) : undefined;
  const peaks = formats.map((format) => plateau(rows.filter((row) => row.format === format)));

  // Binades that can be told apart are drawn one by one.
  const runs = pixels > 6 ? rows.map((row) => ({...row, end: row.exponent + 1})) : runsOf(rows);
  const bars = (isSubnormal: boolean) =>
    Plot.rect(
      runs.filter((row) => row.isSubnormal === isSubnormal),
      {
        x1: ({exponent}) => xOf(exponent),
        x2: ({end}) => xOf(end),
        y1: lineY,
        y2: top,
        fill: palette.ink,
        fillOpacity: isSubnormal ? 0.22 : 0.5,
        insetLeft: pixels > 6 ? 1 : 0,
        shapeRendering: "crispEdges",
      },
    );
  const ticks = layout.ticks.flatMap((value) => {
    const place = layout.placeOf(value);
    return place ? [{value, x: place.x}] : [];
  });
  const chart = Plot.plot({
    document,
    width,
    height,
    margin: 0,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {type: "identity", axis: null},
    y: {type: "identity", axis: null},
    marks: [
      headings.map((heading, i) =>
        Plot.text([heading], {
          x: 0,
          y: i * headingHeight + headingHeight / 2,
          text: (text) => text,
          textAnchor: "start",
          fontSize: 13,
          fontWeight: i === 0 ? 700 : 400,
          fill: palette.ink,
        }),
      ),
      bars(false),
      bars(true),
      marker
        ? [
            Plot.ruleX([marker.x], {
              y1: lineY - stripHeight + 18,
              y2: height - labelHeight,
              stroke: palette.mantissa,
              strokeWidth: 2,
            }),
          ]
        : [],
      Plot.text(peaks, {
        x: ({middle}) => Math.min(Math.max(xOf(middle), 80), width - 80),
        y: (row) => top(row) + (isAbove(row) ? -9 : 9),
        text: ({count}) => `${count.toLocaleString("en")} ${count === 1 ? "value" : "values"} per binade`,
        fill: palette.ink,
        stroke: palette.background,
        strokeWidth: 4,
        fontSize: 11.5,
      }),
      Plot.ruleY([lineY], {x1: layout.left, x2: layout.right, stroke: palette.ink}),
      Plot.text(ticks, {
        x: "x",
        y: height - 12,
        text: ({value}) => (value === 1 ? "1" : powerLabel(Math.log2(value))),
        fill: palette.muted,
        fontSize: 11,
      }),
      Plot.tip(
        runs,
        Plot.pointer({
          x: ({exponent, end}) => xOf((exponent + end) / 2),
          y: (row) => (lineY + top(row)) / 2,
          title: tipText,
          fill: palette.background,
          stroke: palette.rule,
          fontSize: 12,
          lineHeight: 1.3,
        }),
      ),
    ],
  });
  if (onSelect) {
    chart.style.setProperty("cursor", "pointer");
    chart.addEventListener("click", (event) => {
      const box = chart.getBoundingClientRect();
      const x = ((event as MouseEvent).clientX - box.left) * (width / box.width);
      const exponent = Math.floor(start + (x - layout.left) / pixels);
      const row = rows.find((candidate) => isAbove(candidate) && candidate.exponent === exponent);
      if (row) onSelect(row);
    });
  }
  return accessibleSvg(chart, headings.join(" "));
}

/** The fullest binade, and the middle of all that are as full. */
function plateau(rows: readonly Binade[]): Binade & {middle: number} {
  const most = Math.max(...rows.map(({count}) => count));
  const full = rows.filter(({count}) => count === most);
  return {...full[0], middle: (full[0].exponent + full.at(-1)!.exponent + 1) / 2};
}

/** Neighbouring binades with equally many values, up to the exponent `end`. */
interface Run extends Binade {
  readonly end: number;
}

function runsOf(rows: readonly Binade[]): Run[] {
  const runs: Run[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    const isSame =
      last && last.format === row.format && last.count === row.count && last.end === row.exponent;
    if (isSame && last.isSubnormal === row.isSubnormal)
      runs[runs.length - 1] = {...last, end: row.exponent + 1};
    else runs.push({...row, end: row.exponent + 1});
  }
  return runs;
}

function tipText({format, exponent, end, count, spacing, isSubnormal}: Run): string {
  const range = `${powerLabel(exponent)} to ${powerLabel(end)}`;
  const values = `${count.toLocaleString("en")} ${isSubnormal ? "subnormal " : ""}values`;
  if (end > exponent + 1) return `${format}, ${range}\n${values} per binade`;
  return `${format}, ${range}\n${values}${spacing === null ? "" : `, ${powerLabel(spacing)} apart`}`;
}
