import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";
import {saveFile} from "./save-file.js";
import {toCsv} from "./to-csv.js";

/** A button that offers the present rows of a table as a file. */
export function csvButton<Row>(
  id: string,
  data: () => {readonly rows: readonly Row[]; readonly columns: readonly Column<Row>[]},
  {document = globalThis.document}: {document?: Document} = {},
): HTMLButtonElement {
  const button = elementMaker(document)("button", {type: "button", "aria-label": "Download CSV"}, "CSV");
  button.addEventListener("click", () => {
    const {rows, columns} = data();
    saveFile(`bitscape-${id}.csv`, new Blob([toCsv(rows, columns)], {type: "text/csv"}));
  });
  return button;
}
