import {tableFromIPC} from "npm:@uwdata/flechette";
import {columnarRunTableReader} from "../src/laws/columnar-run-table.js";
import {delimitedReader} from "../src/laws/delimited-text.js";
import type {RunTableOptions, RunTableReading} from "../src/laws/run-table-builder.js";
import {runTableReader} from "../src/laws/run-table-reader.js";

/** The first rows of a table, as text. */
export interface TablePreview {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What became of a file: its first rows, if it is a table at all, and its runs or what hinders them. */
export interface RunFile {
  readonly preview: TablePreview;
  readonly reading?: RunTableReading;
  readonly problem?: string;
}

/** What of a File or Blob is needed. */
type RunFileSource = Pick<Blob, "size" | "stream" | "arrayBuffer">;

interface ReadRunFileOptions extends RunTableOptions {
  /** Called with the bytes read so far. */
  readonly onProgress?: (bytes: number) => void;
}

/** Rows and columns of a preview. */
const previewRows = 5;
const previewColumns = 40;
const longestCell = 60;

/** Bytes from which an Arrow file, which has to be in memory as a whole, is refused. */
const largestArrow = 1.5e9;

/**
 * Reads a table of runs from a file in CSV or TSV, piece by piece, or in Arrow. A file whose columns are not understood
 * gives its first rows, so that they can be chosen.
 * @throws a one-line error where the file is no table
 */
export async function readRunFile(file: RunFileSource, options: ReadRunFileOptions = {}): Promise<RunFile> {
  const head = await firstBytes(file);
  return isArrow(head) ? readArrowFile(file, options) : readTextFile(file, options, head);
}

/** Both forms of Arrow: the file begins with a magic word, the stream with a continuation mark. */
const isArrow = (head: Uint8Array): boolean =>
  new TextDecoder().decode(head.subarray(0, 6)) === "ARROW1" ||
  head.subarray(0, 4).every((byte) => byte === 0xff && head.length > 8);

async function firstBytes(file: RunFileSource): Promise<Uint8Array> {
  const reader = file.stream().getReader();
  const {value} = await reader.read();
  await reader.cancel();
  return value ?? new Uint8Array();
}

async function readTextFile(
  file: RunFileSource,
  {onProgress, ...options}: ReadRunFileOptions,
  head: Uint8Array,
): Promise<RunFile> {
  // A reader that no column suits still says whether this is text.
  const anything = runTableReader({needed: [], wanted: []});
  anything.push(head);
  const preview = textPreview(head, file.size <= head.length);
  try {
    const table = runTableReader(options);
    const stream = file.stream().getReader();
    let bytes = 0;
    for (let piece = await stream.read(); !piece.done; piece = await stream.read()) {
      table.push(piece.value);
      bytes += piece.value.length;
      onProgress?.(bytes);
    }
    return {preview, reading: table.end()};
  } catch (error) {
    return {preview, problem: (error as Error).message};
  }
}

/** The first lines of a text, of which only the start may be there. */
function textPreview(head: Uint8Array, isWhole: boolean): TablePreview {
  const encoding =
    head[0] === 0xff && head[1] === 0xfe
      ? "utf-16le"
      : head[0] === 0xfe && head[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  const records: string[][] = [];
  const reader = delimitedReader({
    onRecord(cells) {
      if (records.length <= previewRows) records.push(cells.map((cell) => cell.slice(0, longestCell)));
    },
  });
  reader.push(new TextDecoder(encoding).decode(head.subarray(0, 1 << 18)));
  if (isWhole) reader.end();
  const [names = [], ...rows] = records;
  return {names, rows: rows.map((row) => row.slice(0, previewColumns))};
}

async function readArrowFile(
  file: RunFileSource,
  {onProgress, ...options}: ReadRunFileOptions,
): Promise<RunFile> {
  if (file.size > largestArrow)
    throw new Error(
      `an Arrow file of ${(file.size / 1e9).toFixed(1)} GB does not fit into a tab: write it as CSV, which is read piece by piece`,
    );
  const bytes = new Uint8Array(await file.arrayBuffer());
  onProgress?.(bytes.length);
  const table = decoded(bytes);
  const columns = table.names.map((_: string, i: number) => table.getChildAt(i));
  const valueAt = (column: number, row: number) => columns[column].at(row);
  const preview = {
    names: table.names,
    rows: Array.from({length: Math.min(previewRows, table.numRows)}, (_, row) =>
      columns
        .slice(0, previewColumns)
        .map((_: unknown, column: number) => String(valueAt(column, row) ?? "").slice(0, longestCell)),
    ),
  };
  try {
    const reader = columnarRunTableReader(table.names, options);
    reader.push({rows: table.numRows, valueAt});
    return {preview, reading: reader.end()};
  } catch (error) {
    return {preview, problem: (error as Error).message};
  }
}

function decoded(bytes: Uint8Array) {
  try {
    return tableFromIPC(bytes);
  } catch (error) {
    throw new Error(
      `the file begins like an Arrow file, but cannot be read as one: ${(error as Error).message}`,
    );
  }
}
