import {failure} from "../errors.js";
import {delimitedReader} from "./delimited-text.js";
import {printable} from "./printable.js";
import {
  type RunTableBuilder,
  type RunTableOptions,
  type RunTableReading,
  runTableBuilder,
} from "./run-table-builder.js";

/** Takes the bytes of a file in pieces, however they were cut; memory is needed for the numbers that are kept only. */
interface RunTableReader {
  /** @throws a usage error where columns are missing, a failure where this is no text */
  readonly push: (bytes: Uint8Array) => void;
  /** @throws a failure that names the first bad rows */
  readonly end: () => RunTableReading;
}

/**
 * Reads a table of runs from text: commas, tabs or semicolons between the cells, with the names of the columns first.
 * UTF-8, or UTF-16 with a byte order mark, as spreadsheets write it.
 *
 * An empty cell, or a word such as `fp32`, where bits are expected stands for a number that is not rounded. Counts may be
 * written `30M` or `1,000,000`; in files with semicolons `3,14` is a number.
 */
export function runTableReader(options: RunTableOptions = {}): RunTableReader {
  let decoder: TextDecoder | undefined;
  let builder: RunTableBuilder | undefined;
  let width = 0;
  const reader = delimitedReader({
    onRecord(cells, line, separator) {
      if (!builder) {
        width = cells.length;
        const form = {hasDecimalCommas: separator === ";"};
        builder = runTableBuilder([...cells], {positionNoun: "line", form}, options);
      } else if (isRagged(cells, width)) {
        builder.reject(line, `${cells.length} cells instead of ${width}`);
      } else {
        builder.add(line, (column) => cells[column]);
      }
    },
  });
  return {
    push(bytes) {
      if (bytes.length === 0) return;
      decoder ??= decoderFor(bytes);
      reader.push(decoder.decode(bytes, {stream: true}));
    },
    end() {
      if (decoder) reader.push(decoder.decode());
      reader.end();
      if (!builder) throw failure("the file is empty");
      return builder.finish();
    },
  };
}

/** A table of runs from a text. @see runTableReader */
export function readRunTable(text: string, options: RunTableOptions = {}): RunTableReading {
  const reader = runTableReader(options);
  reader.push(new TextEncoder().encode(text));
  return reader.end();
}

/** A row may have empty cells behind the last column, as some spreadsheets write. */
const isRagged = (cells: readonly string[], width: number): boolean =>
  cells.length !== width && (cells.length < width || cells.slice(width).some((cell) => cell.trim() !== ""));

/** How files begin that are taken for tables, and are not text. */
const otherFiles: readonly (readonly [name: string, start: readonly number[], advice: string])[] = [
  ["a Parquet file", [0x50, 0x41, 0x52, 0x31], "write it as CSV or Arrow"],
  ["a spreadsheet or zip file", [0x50, 0x4b, 0x03, 0x04], "save the table as CSV"],
  ["compressed by gzip", [0x1f, 0x8b], "unpack it first"],
  ["compressed by Zstandard", [0x28, 0xb5, 0x2f, 0xfd], "unpack it first"],
  ["an HDF5 file", [0x89, 0x48, 0x44, 0x46], "write the table as CSV or Arrow"],
];

function decoderFor(bytes: Uint8Array): TextDecoder {
  const starts = (start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);
  if (starts([0xff, 0xfe])) return new TextDecoder("utf-16le");
  if (starts([0xfe, 0xff])) return new TextDecoder("utf-16be");
  const other = otherFiles.find(([, start]) => starts(start));
  if (other) throw failure(`this is ${other[0]}: ${other[2]}`);
  const start = bytes.subarray(0, 4096);
  if (start.includes(0))
    throw failure("this is no text: save the table as CSV, or as an uncompressed Arrow file");
  const [first = ""] = /\S/.exec(new TextDecoder().decode(start)) ?? [];
  if (first === "{" || first === "[")
    throw failure(
      `this looks like JSON (it begins with ${printable(first)}): write the table as CSV or Arrow`,
    );
  return new TextDecoder();
}
