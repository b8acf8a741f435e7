import * as Plot from "npm:@observablehq/plot";
import {codeBits} from "../src/formats/decode.js";
import {encode} from "../src/formats/encode.js";
import type {Format} from "../src/formats/format.js";
import {accessibleSvg} from "./accessible-svg.js";
import type {BitMeaning} from "./bit-view.js";
import {chartFont} from "./chart-font.js";
import {formatFields} from "./format-fields.js";
import {neighbourText} from "./neighbour-text.js";
import {type Neighbours, neighbours} from "./neighbours.js";
import {roundedText} from "./number-text.js";
import {type Palette, pagePalette} from "./palette.js";
import {percentage} from "./percentage.js";
import type {RoundingGroup} from "./rounding-modes.js";
import {type RoundingRow, roundingRows} from "./rounding-rows.js";
import {roundingSentence} from "./rounding-sentence.js";
import {fitting, middleInside, type TextWidth, textWidth} from "./text-width.js";

export interface RoundingChartOptions {
  readonly format: Format;
  /** Random bits of the stochastic modes. */
  readonly bits: number;
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** From this width on the modes' names stand to the left of the gap and the reasons to the right. */
const wide = 660;

// Pixels from the top.
const valueY = 14;
const lineY = 42;
const neighbourY = 62;
const codeY = 79;
const firstRowY = 92;

/** Advance of a character of a code, and the space between its fields. */
const digitWidth = 6.7;
const fieldGap = 4;

interface Layout {
  readonly isWide: boolean;
  readonly width: number;
  /** Where the two neighbours stand. */
  readonly left: number;
  readonly right: number;
  readonly headingHeight: number;
  readonly rowHeight: number;
  /** From the top of a row to its arrow. */
  readonly arrowY: number;
}

interface PlacedRow extends RoundingRow {
  readonly y: number;
}

interface View {
  readonly around: Neighbours;
  readonly format: Format;
  readonly rows: readonly PlacedRow[];
  readonly headings: readonly {readonly texts: readonly string[]; readonly y: number}[];
  readonly layout: Layout;
  readonly bottom: number;
  readonly palette: Palette;
  readonly widthOf: TextWidth;
  readonly xOf: (value: number) => number;
}

/**
 * A number between two neighbours of a format, and below it, for every rounding mode, an arrow to where it goes: two of
 * them, as strong as they are likely, where chance decides.
 */
export function roundingChart(
  x: number,
  {format, bits, width = 960, palette = pagePalette, document = globalThis.document}: RoundingChartOptions,
): SVGSVGElement {
  const layout = roundingLayout(width);
  const around = neighbours(x, format);
  const {rows, headings, bottom} = placeRows(roundingRows(x, format, bits), bits, layout);
  const widthOf = textWidth(document);
  const {left, right} = layout;
  const xOf = (value: number) => {
    const share = (value - around.lower) / (around.upper - around.lower);
    return left + Math.min(Math.max(share, -0.12), 1.12) * (right - left);
  };
  const view: View = {around, format, rows, headings, layout, bottom, palette, widthOf, xOf};
  const chart = Plot.plot({
    document,
    width,
    height: bottom + 8,
    margin: 0,
    style: {color: palette.ink, background: "none", fontFamily: chartFont},
    x: {type: "identity", axis: null},
    y: {type: "identity", axis: null},
    marks: [lineMarks, codeMarks, headingMarks, drawMarks, arrowMarks, textMarks].map((marks) => marks(view)),
  });
  return accessibleSvg(chart, roundingSentence(x, format, bits));
}

/** The same shares of the width as those of `.gap-slider` in the style sheet. */
function roundingLayout(width: number): Layout {
  const isWide = width >= wide;
  return {
    isWide,
    width,
    left: width * (isWide ? 0.24 : 0.12),
    right: width * (isWide ? 0.72 : 0.88),
    headingHeight: 34,
    rowHeight: isWide ? 30 : 46,
    arrowY: isWide ? 15 : 34,
  };
}

/** In full, and in short where there is little room. */
const groupTitles: Record<RoundingGroup, (bits: number) => readonly string[]> = {
  nearest: () => [
    "To the nearest; the names say what happens to ties",
    "To the nearest; the names tell of ties",
  ],
  directed: () => ["Always the same way"],
  stochastic: (bits) => {
    const count = `${bits} random ${bits === 1 ? "bit" : "bits"}`;
    return [`By chance, with ${count} in forms A to C`, `By chance; A to C with ${count}`];
  },
};

function placeRows(rows: readonly RoundingRow[], bits: number, {headingHeight, rowHeight, arrowY}: Layout) {
  const headings: {texts: readonly string[]; y: number}[] = [];
  const placed: PlacedRow[] = [];
  let y = firstRowY;
  for (const [i, row] of rows.entries()) {
    if (row.group !== rows[i - 1]?.group) {
      headings.push({texts: groupTitles[row.group](bits), y: y + headingHeight / 2});
      y += headingHeight;
    }
    placed.push({...row, y: y + arrowY});
    y += rowHeight;
  }
  return {headings, rows: placed, bottom: y};
}

/** The stretch of the number line, with guides down through the rows. */
function lineMarks({around, layout, bottom, palette, widthOf, xOf}: View): Plot.Markish[] {
  const {x, lower, upper, isTie, beyond} = around;
  const {left, right, isWide, width} = layout;
  const overhang = (right - left) * 0.12;
  const middle = (left + right) / 2;
  const ends = [
    {value: lower, at: left, isMissing: beyond === "lowest"},
    {value: upper, at: right, isMissing: beyond === "largest"},
  ];
  const at = xOf(x);
  const fontSize = isWide ? 13 : 12;
  const inside = (wanted: number, label: string) =>
    middleInside(wanted, widthOf(label, {size: fontSize, weight: 700}), width);
  const nameOf = ({value, isMissing}: (typeof ends)[number]) =>
    isMissing ? "beyond the format" : neighbourText(value, around);
  return [
    Plot.link(ends, {x1: "at", x2: "at", y1: lineY, y2: bottom, stroke: palette.rule}),
    Plot.link([middle], {
      x1: middle,
      x2: middle,
      y1: lineY - 5,
      y2: bottom,
      stroke: isTie ? palette.ink : palette.rule,
      strokeDasharray: "2 4",
    }),
    Plot.link([at], {x1: at, x2: at, y1: lineY, y2: bottom, stroke: palette.chance, strokeOpacity: 0.6}),
    Plot.link([0], {x1: left - overhang, x2: right + overhang, y1: lineY, y2: lineY, stroke: palette.ink}),
    Plot.link(ends, {x1: "at", x2: "at", y1: lineY - 8, y2: lineY + 8, stroke: palette.ink, strokeWidth: 2}),
    Plot.text(ends, {
      x: (end) => inside(end.at, nameOf(end)),
      y: neighbourY,
      text: nameOf,
      fill: ({isMissing}) => (isMissing ? palette.muted : palette.ink),
      fontSize,
      fontWeight: 700,
    }),
    Plot.text(isTie || isWide ? [middle] : [], {
      x: middle,
      y: neighbourY,
      text: () => (isTie ? "a tie" : "midpoint"),
      fill: isTie ? palette.ink : palette.muted,
      fontWeight: isTie ? 700 : 400,
      fontSize: 11,
      stroke: palette.background,
      strokeWidth: 4,
    }),
    Plot.dot([at], {x: at, y: lineY, r: 5.5, fill: palette.chance}),
    Plot.text([at], {
      x: inside(at, valueText(around)),
      y: valueY,
      text: () => valueText(around),
      fill: palette.chance,
      fontSize,
      fontWeight: 700,
    }),
  ];
}

/** The codes of the neighbours, in the colours of their fields; left out where there is no room. */
function codeMarks({around, format, layout, palette}: View): Plot.Markish[] {
  const {lower, upper, beyond} = around;
  const {left, right, width} = layout;
  const fields = formatFields(format).filter(({bits}) => bits > 0);
  const bits = codeBits(format);
  const length = bits * digitWidth + (fields.length - 1) * fieldGap;
  if (length > 0.7 * (right - left)) return [];
  const ends = [
    {value: lower, at: left, isMissing: beyond === "lowest"},
    {value: upper, at: right, isMissing: beyond === "largest"},
  ];
  const pieces = ends
    .filter(({isMissing}) => !isMissing)
    .flatMap(({value, at}) => {
      const code = encode(format, value).toString(2).padStart(bits, "0");
      let x = Math.min(Math.max(at - length / 2, 0), width - length);
      let start = 0;
      return fields.map((field) => {
        const piece = {x, text: code.slice(start, start + field.bits), meaning: field.meaning};
        x += field.bits * digitWidth + fieldGap;
        start += field.bits;
        return piece;
      });
    });
  return [
    Plot.text(pieces, {
      x: "x",
      y: codeY,
      text: "text",
      textAnchor: "start",
      fontFamily: "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
      fontSize: 11,
      fill: ({meaning}) =>
        meaning === "code" ? palette.ink : palette[meaning as Exclude<BitMeaning, "code">],
      stroke: palette.background,
      strokeWidth: 4,
    }),
  ];
}

function valueText({x, share, isExact, beyond}: Neighbours): string {
  const value = roundedText(x, 10);
  if (isExact) return `${value}, a value of the format`;
  if (beyond) return `${value}, beyond the ${beyond} value`;
  return `${value}, ${percentage(share)} of the way`;
}

function headingMarks({headings, layout, palette, widthOf}: View): Plot.Markish[] {
  const face = {size: layout.isWide ? 12.5 : 12, weight: 700};
  return [
    Plot.text(headings, {
      x: 0,
      y: "y",
      text: ({texts}) => fitting(texts, layout.width - 1, widthOf, face),
      textAnchor: "start",
      fontSize: face.size,
      fontWeight: face.weight,
      fill: palette.ink,
      stroke: palette.background,
      strokeWidth: 5,
    }),
  ];
}

/** From the number to what it becomes, and to what it may become otherwise. */
function arrowMarks({around, rows, palette, xOf}: View): Plot.Markish[] {
  const arrows = rows.flatMap((row) => {
    const certain = {row, to: target(row.result, around), share: 1 - row.probability, isBold: row.isTie};
    return row.other === null
      ? [certain]
      : [certain, {row, to: target(row.other, around), share: row.probability, isBold: false}];
  });
  const from = xOf(around.x);
  const moving = arrows.filter(({to, share}) => share > 0 && Math.abs(xOf(to) - from) > 1);
  return [
    Plot.arrow(moving, {
      x1: from,
      x2: ({to}) => xOf(to),
      y1: ({row}) => row.y,
      y2: ({row}) => row.y,
      insetEnd: 5,
      headLength: 9,
      headAngle: 50,
      stroke: palette.ink,
      strokeWidth: 2,
      strokeOpacity: ({share}) => 0.18 + 0.82 * share,
    }),
    Plot.dot(
      arrows.filter(({share}) => share > 0),
      {
        x: ({to}) => xOf(to),
        y: ({row}) => row.y,
        r: ({share}) => 1.5 + 3.5 * Math.sqrt(share),
        fill: palette.ink,
        stroke: palette.ink,
        strokeWidth: ({isBold}) => (isBold ? 3 : 0),
      },
    ),
  ];
}

/** Where an arrow ends: at a neighbour, and for what overflow becomes out where the format has ended. */
function target(result: number, {lower, upper, beyond}: Neighbours): number {
  if (result === lower || result === upper) return result;
  return beyond === "lowest" ? lower : upper;
}

/** The draws of the random bits from the one neighbour to the other: those that lead to the outer one are filled. */
function drawMarks({around, rows, layout, palette}: View): Plot.Markish[] {
  const {left, right} = layout;
  const strips = rows.filter(({draws}) => draws !== null);
  const height = 5;
  const isMirrored = around.x < 0;
  const bars = strips.map(({y, probability}) => {
    const length = probability * (right - left);
    return isMirrored ? {y, x1: left, x2: left + length} : {y, x1: right - length, x2: right};
  });
  const cells = strips.flatMap(({y, draws}) => {
    const {all} = draws!;
    if (all > 64) return [];
    return Array.from({length: all - 1}, (_, i) => ({y, x: left + ((i + 1) / all) * (right - left)}));
  });
  const top = ({y}: {y: number}) => y + 6;
  const foot = ({y}: {y: number}) => y + 6 + height;
  return [
    Plot.rect(strips, {x1: left, x2: right, y1: top, y2: foot, fill: palette.chance, fillOpacity: 0.16}),
    Plot.rect(bars, {x1: "x1", x2: "x2", y1: top, y2: foot, fill: palette.chance, fillOpacity: 0.75}),
    Plot.link(cells, {x1: "x", x2: "x", y1: top, y2: foot, stroke: palette.background, strokeWidth: 1.5}),
  ];
}

function textMarks({around, rows, layout, palette}: View): Plot.Markish[] {
  const {isWide, width, left, right} = layout;
  const textY = ({y}: PlacedRow) => (isWide ? y : y - 17);
  const halo = {stroke: palette.background, strokeWidth: 4} as const;
  const weight = ({isTie}: PlacedRow) => (isTie ? 700 : 400);
  const chances = rows.flatMap((row) => {
    if (row.other === null) return [];
    const isUpper = target(row.other, around) > target(row.result, around);
    return [
      {row, share: 1 - row.probability, isUpper: !isUpper},
      {row, share: row.probability, isUpper},
    ];
  });
  const groups = [400, 700].map((fontWeight) => ({
    fontWeight,
    of: rows.filter((row) => weight(row) === fontWeight),
  }));
  return [
    ...groups.flatMap(({of, fontWeight}) => [
      Plot.text(of, {
        x: isWide ? 10 : 0,
        y: textY,
        text: "title",
        textAnchor: "start",
        fontSize: 12,
        fontWeight,
        fill: palette.ink,
        ...halo,
      }),
      Plot.text(of, {
        x: isWide ? right + 56 : width,
        y: textY,
        text: "reason",
        textAnchor: isWide ? "start" : "end",
        fontSize: 12,
        fontWeight,
        fill: fontWeight === 700 ? palette.ink : palette.muted,
        ...halo,
      }),
    ]),
    ...[true, false].map((isUpper) =>
      Plot.text(
        chances.filter((chance) => chance.isUpper === isUpper),
        {
          x: isUpper ? right + 9 : left - 9,
          y: ({row}) => row.y,
          text: ({share}) => percentage(share),
          textAnchor: isUpper ? "start" : "end",
          fontSize: 11.5,
          fontVariant: "tabular-nums",
          fill: palette.ink,
          ...halo,
        },
      ),
    ),
  ];
}
