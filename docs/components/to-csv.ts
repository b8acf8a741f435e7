import type {Column} from "./column.js";

/** Rows as a CSV file (RFC 4180), numbers in full and null as nothing. */
export function toCsv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const lines = [columns.map(({name}) => name), ...rows.map((row) => columns.map(({value}) => value(row)))];
  return lines.map((line) => `${line.map(escapeField).join(",")}\r\n`).join("");
}

function escapeField(value: string | number | null): string {
  const field = value === null ? "" : String(value);
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
