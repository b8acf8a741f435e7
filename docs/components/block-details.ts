import {parseFormat} from "../src/formats/parse.js";
import {type BlockCast, blockLosses, indicesOf, regionOf} from "./block-cast.js";
import {decibelText} from "./block-losses.js";
import {encodeBits} from "./code-bits.js";
import {elementMaker} from "./element-maker.js";
import {inlineBits} from "./inline-bits.js";
import {lostShare, type Region} from "./matrix-picture.js";
import {roundedText} from "./number-text.js";
import {percentage} from "./percentage.js";
import {typeset} from "./typeset.js";

/** Elements of a block that are listed; of larger blocks the first ones of the row that was chosen. */
const listedElements = 32;

/** The format in which a scale is stored, by the word for it. */
const scaleFormats: Readonly<Record<string, string>> = {
  fp32: "fp32",
  pow2: "fp32",
  e8m0: "e8m0",
  e4m3: "ue4m3",
  e5m3: "ue5m3",
};

/** One block in full: its scale and codes, and what was lost in it. */
export function blockDetails(
  cast: BlockCast,
  place: {readonly index: number; readonly row: number; readonly column: number},
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const region = regionOf(cast, place.index);
  const losses = blockLosses(cast, place.index);
  const whole = blockLosses(cast);
  const scale = cast.scales[place.index];
  const {scaleFormat, outer} = cast.quantizer.scaling;
  const stored = parseFormat(scaleFormats[scaleFormat]);
  let largest = 0;
  for (const i of indicesOf(cast.matrix, region))
    largest = Math.max(largest, Math.abs(cast.matrix.values[i]));

  const scaleBits = Number.isFinite(scale.stored)
    ? [inlineBits(stored, encodeBits(stored, scale.stored), {as: "scale", document})]
    : [];
  const facts: [string, (Node | string)[]][] = [
    ["Largest magnitude", [text(largest)]],
    ["Scale", [make("span", {class: "scale"}, text(scale.stored)), " ", ...scaleBits]],
    ...(outer === "none" ? [] : [["Scale of the matrix", [text(cast.outer.decode)]] as [string, Node[]]]),
    [
      "Flushed to zero",
      [`${losses.flushed} of ${losses.elements} (${share(losses.flushed, losses.elements)})`],
    ],
    ["Saturated", [`${losses.saturated} of ${losses.elements}`]],
    ["Signal to noise", [`${decibelText(losses.ratio)}; in the whole matrix ${decibelText(whole.ratio)}`]],
  ];

  const shown = listed(cast, region, place);
  const head = ["Column", "Value", "÷ scale", "Code", "Comes back as", "Lost"];
  const lines = shown.map((i) => {
    const [x, q, y] = [cast.matrix.values[i], cast.elements[i], cast.values[i]];
    const scaled = x / (scale.decode * cast.outer.decode);
    const cells: (Node | string)[] = [
      String(i % cast.matrix.columns),
      text(x),
      text(scaled),
      codeOf(cast, q, document),
      text(y),
      percentage(lostShare(x, y)),
    ];
    return make("tr", {}, ...cells.map((cell, at) => make("td", {class: at !== 3 && "number"}, cell)));
  });
  const row = Math.floor(shown[0] / cast.matrix.columns);
  const isAll = shown.length === region.rows * region.columns;
  const caption = `${isAll ? "All" : `${shown.length} of the ${region.rows * region.columns}`} elements${region.rows > 1 ? `, in row ${row}` : ""}`;
  return make(
    "section",
    {class: "block-details", "aria-label": "The marked block"},
    make("p", {class: "block-name"}, `${blockName(region)}, ${cast.element.name.toUpperCase()} elements`),
    make(
      "dl",
      {class: "facts"},
      ...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, ...value))),
    ),
    make(
      "div",
      {
        class: "chart-table block-elements",
        tabindex: 0,
        role: "region",
        "aria-label": "Elements of the block",
      },
      make(
        "table",
        {class: "data-table"},
        make("caption", {}, caption),
        make("thead", {}, make("tr", {}, ...head.map((name) => make("th", {scope: "col"}, name)))),
        make("tbody", {}, ...lines),
      ),
    ),
  );

  function text(x: number): Node {
    return typeset(roundedText(x, 4), {document});
  }
}

/** "Row 20, columns 32 to 63". */
export function blockName({row, column, rows, columns}: Region): string {
  const range = (name: string, first: number, count: number) =>
    count === 1 ? `${name} ${first}` : `${name}s ${first} to ${first + count - 1}`;
  const text = `${range("row", row, rows)}, ${range("column", column, columns)}`;
  return text[0].toUpperCase() + text.slice(1);
}

const share = (part: number, whole: number): string => percentage(part / whole);

function codeOf({element}: BlockCast, value: number, document: Document): Node | string {
  if (Number.isNaN(value)) return "NaN";
  return inlineBits(element, encodeBits(element, value), {document});
}

/** Indices of the elements to list: the block's part of the chosen row, from the chosen column on where it is long. */
function listed(
  {matrix}: BlockCast,
  region: Region,
  {row, column}: {readonly row: number; readonly column: number},
): number[] {
  const end = region.column + region.columns;
  const first = region.columns <= listedElements ? region.column : Math.min(column, end - listedElements);
  const count = Math.min(listedElements, end - first);
  return Array.from({length: count}, (_, i) => row * matrix.columns + first + i);
}
