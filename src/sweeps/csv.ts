import type {Cell, Column} from "./result-tables.js";

/** A table as CSV (RFC 4180, with line feeds): nothing for null, and quotes where a text needs them. */
export async function* csvChunks(
  columns: readonly Column[],
  groups: AsyncIterable<Iterable<readonly Cell[]>>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(csvLine(columns.map(({name}) => name)));
  for await (const rows of groups) {
    let text = "";
    for (const row of rows) text += csvLine(row);
    yield encoder.encode(text);
  }
}

const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(",")}\n`;

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return Object.is(cell, -0) ? "-0" : String(cell);
  return /^$|[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
