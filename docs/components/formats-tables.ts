import {catalogue} from "../src/formats/catalogue.js";
import {codeBits} from "../src/formats/decode.js";
import {formatProperties} from "../src/formats/derived.js";
import type {FloatFormat, Format, Specials} from "../src/formats/format.js";
import {parseFormat} from "../src/formats/parse.js";
import {textForFormat} from "./cast-view.js";
import {hexCode} from "./code-bits.js";
import type {Column} from "./column.js";
import {dataTable} from "./data-table.js";
import {elementMaker} from "./element-maker.js";
import {formatGroups} from "./format-chooser.js";
import {changedFormat} from "./format-record.js";
import type {FormatsState} from "./formats-choices.js";
import {type LibraryCast, libraryCasts} from "./library-casts.js";
import {numberText, roundedText} from "./number-text.js";
import {perFrame} from "./per-frame.js";
import {fieldWidths, type PropertyRow, propertyRows} from "./property-rows.js";
import {shownCast} from "./shown-cast.js";
import {specialsLabels} from "./specials-labels.js";

interface Options {
  readonly document?: Document;
}

/** A table in a room of its own that follows the state. */
function liveTable(
  state: FormatsState,
  {label, content, document}: {label: string; content: () => readonly Node[]; document: Document},
): HTMLElement {
  const room = elementMaker(document)("div", {
    class: "table-room",
    tabindex: 0,
    role: "region",
    "aria-label": label,
  });
  const show = () => room.replaceChildren(...content());
  state.subscribe(perFrame(show, document.defaultView!));
  show();
  return room;
}

/** What each library makes of the value on the page. */
export function libraryTable(
  state: FormatsState,
  {document = globalThis.document}: Options = {},
): HTMLElement {
  const columns: Column<LibraryCast>[] = [
    {name: "Result", value: resultText},
    {name: "Behaving like", value: ({libraries}) => libraries.join(", ")},
    {name: "Why", value: ({reason}) => reason},
    {
      name: "Code",
      value: ({bits}) => bits.map((code) => (code === null ? "none" : hexCode(code))).join(" or "),
    },
    {name: "Format meant", value: ({format}) => format},
  ];
  const content = () => {
    const {format, value} = state.get();
    const {typed} = shownCast(state.get()).view;
    const table = dataTable(libraryCasts(typed, format), columns, {
      caption: `${value} in ${format}, as libraries and specifications cast it`,
      document,
    });
    for (const {cells} of table.tBodies[0].rows) {
      for (const i of [0, 3]) cells[i].classList.add("wrapped");
      for (const i of [1, 2]) cells[i].classList.add("prose");
    }
    return [table];
  };
  return liveTable(state, {label: "What each library makes of the value", content, document});
}

const resultText = ({values}: LibraryCast): string => values.map(numberText).join(" or ");

/** What follows from the records of the format and of the one that it is compared with. */
export function propertyTable(
  state: FormatsState,
  {document = globalThis.document}: Options = {},
): HTMLElement {
  const content = () => {
    const {format, versus} = state.get();
    const formats = [format, ...(versus === "none" ? [] : [versus])].map(parseFormat);
    const columns: Column<PropertyRow>[] = [
      {name: "Property", value: ({property}) => property},
      ...formats.map(({name}, i) => ({name, value: ({texts}: PropertyRow) => texts[i]})),
    ];
    const caption = "Derived from the format’s record";
    const table = dataTable(propertyRows(formats), columns, {caption, document});
    const names = table.rows[table.rows.length - 1];
    for (const cell of names.cells) cell.classList.add("prose");
    return [table];
  };
  return liveTable(state, {label: "Derived properties", content, document});
}

/** What the top codes of E4M3 can mean, and what that costs. */
export function specialsTable({document = globalThis.document}: Options = {}): HTMLTableElement {
  const base = parseFormat("e4m3fn") as FloatFormat;
  const rows = (Object.keys(specialsLabels) as Specials[]).map((specials) => ({
    specials,
    format: changedFormat(base, {specials}),
  }));
  type Row = (typeof rows)[number];
  const columns: Column<Row>[] = [
    {name: "Top codes", value: ({specials}) => specialsLabels[specials]},
    {name: "Name", value: ({format}) => format.name},
    {name: "Largest", value: ({format}) => formatProperties(format).largest},
    {name: "∞", value: ({format}) => formatProperties(format).infinities},
    {name: "NaN", value: ({format}) => formatProperties(format).nans},
    {name: "Zeros", value: ({format}) => formatProperties(format).zeros},
  ];
  return dataTable(rows, columns, {
    caption: "Four exponent bits, three mantissa bits, six meanings",
    document,
  });
}

/** Every named format; a name chooses it. */
export function catalogueTable(
  state: FormatsState,
  {document = globalThis.document}: Options = {},
): HTMLTableElement {
  const make = elementMaker(document);
  const byName = new Map<string, Format>(catalogue.map((format) => [format.name, format]));
  const rows = formatGroups().flatMap(({title, options}) =>
    options.map(({value}) => ({kind: title, format: byName.get(value)!})),
  );
  type Row = (typeof rows)[number];
  const limit = (x: number | null) => (x === null ? "–" : roundedText(x, 4));
  const columns: Column<Row>[] = [
    {name: "Name", value: ({format}) => format.name},
    {name: "Kind", value: ({kind}) => kind},
    {name: "Bits", value: ({format}) => codeBits(format)},
    {name: "Sign · exponent · mantissa", value: ({format}) => fieldWidths(format)},
    {name: "Bias", value: ({format}) => (format.kind === "float" ? format.bias : null)},
    {name: "Largest", value: ({format}) => limit(formatProperties(format).largest)},
    {name: "Smallest normal", value: ({format}) => limit(formatProperties(format).smallestNormal)},
    {name: "Smallest", value: ({format}) => limit(formatProperties(format).smallest)},
    {name: "∞", value: ({format}) => formatProperties(format).infinities},
    {name: "NaN", value: ({format}) => formatProperties(format).nans},
    {name: "Other names", value: ({format}) => format.aliases.join(", ")},
  ];
  const table = dataTable(rows, columns, {caption: `${rows.length} named formats`, document});
  for (const line of table.tBodies[0].rows) {
    const [cell] = line.cells;
    const name = cell.textContent!;
    const link = make("a", {href: `?format=${encodeURIComponent(name)}#touch`}, name);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      state.set({format: name, value: textForFormat(state.get())});
      document.getElementById("touch")?.scrollIntoView();
      document.getElementById("format")?.focus({preventScroll: true});
    });
    cell.replaceChildren(link);
  }
  return table;
}
