import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";

/** The rows behind a chart as a table that assistive technology can walk. */
export function dataTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  {caption, document = globalThis.document}: {caption: string; document?: Document},
): HTMLTableElement {
  const make = elementMaker(document);
  const cell = (row: Row, {value, format}: Column<Row>) => {
    const content = value(row);
    const isNumber = typeof content === "number";
    const text = content === null ? "" : isNumber && format ? format(content) : String(content);
    return make("td", {class: isNumber && "number"}, text);
  };
  const line = (row: Row) => make("tr", {}, ...columns.map((column) => cell(row, column)));
  const isOfNumbers = ({value}: Column<Row>) => rows.some((row) => typeof value(row) === "number");
  const heads = columns.map((column) =>
    make("th", {scope: "col", class: isOfNumbers(column) && "number"}, column.name),
  );
  return make(
    "table",
    {class: "data-table"},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...rows.map(line)),
  );
}
