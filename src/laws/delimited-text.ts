import {failure} from "../errors.js";

/** Takes a text in pieces, however they were cut. */
interface DelimitedReader {
  readonly push: (text: string) => void;
  /** Ends the last record, which needs no line break behind it. */
  readonly end: () => void;
}

interface DelimitedOptions {
  /** One character; by default the one that the first record has most of: a tab, a semicolon or a comma. */
  readonly separator?: string;
  /**
   * Called for each record that is not an empty line, with the line of the text where it begins, from 1. The cells are
   * valid during the call only.
   */
  readonly onRecord: (cells: readonly string[], line: number, separator: string) => void;
}

/** Characters of a record; more are taken for a quote that was never closed, so that memory stays bounded. */
const longestRecord = 1 << 20;

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Splits text into records and cells as RFC 4180 has it: quotes around cells with separators, line breaks and doubled
 * quotes; lines end with LF, CRLF or CR. A quote inside of an unquoted cell is a character like any other.
 *
 * @throws a failure that names the line where a quote was opened and not closed
 */
export function delimitedReader({separator, onRecord}: DelimitedOptions): DelimitedReader {
  const cells: string[] = [];
  let rest = "";
  let line = 1;
  let code = separator?.charCodeAt(0);

  /** Reads the record at `start` into `cells`. @returns where the next one begins; -1 where the text ends too early */
  const readRecord = (text: string, start: number, isLast: boolean): number => {
    let i = start;
    let lines = 0;
    cells.length = 0;
    for (;;) {
      let cell = "";
      if (text.charCodeAt(i) === quote) {
        const close = closingQuote(text, i, isLast);
        if (close < 0) return -1;
        cell = text.slice(i + 1, close);
        if (cell.includes('"')) cell = cell.replaceAll('""', '"');
        lines += countLines(cell);
        i = close + 1;
      }
      const from = i;
      while (i < text.length) {
        const next = text.charCodeAt(i);
        if (next === code || next === lineFeed || next === carriageReturn) break;
        i += 1;
      }
      if (i === text.length && !isLast) return -1;
      cells.push(cell === "" ? text.slice(from, i) : cell + text.slice(from, i));
      if (i < text.length && text.charCodeAt(i) === code) {
        i += 1;
        continue;
      }
      if (text.charCodeAt(i) === carriageReturn) {
        if (i + 1 === text.length && !isLast) return -1; // a line feed may follow
        if (text.charCodeAt(i + 1) === lineFeed) i += 1;
      }
      if (cells.length > 1 || cells[0] !== "") onRecord(cells, line, String.fromCharCode(code!));
      line += lines + 1;
      return i + 1;
    }
  };

  const closingQuote = (text: string, open: number, isLast: boolean): number => {
    for (let from = open + 1; ; ) {
      const close = text.indexOf('"', from);
      if (close < 0 && isLast) throw unclosed(line);
      if (close < 0 || (close + 1 === text.length && !isLast)) return -1; // or half of a doubled one
      if (text.charCodeAt(close + 1) !== quote) return close;
      from = close + 2;
    }
  };

  const read = (text: string, isLast: boolean) => {
    code ??= separatorOf(text, isLast);
    let start = 0;
    while (code !== undefined && start < text.length) {
      const next = readRecord(text, start, isLast);
      if (next < 0) break;
      start = next;
    }
    rest = text.slice(start);
    if (rest.length > longestRecord) throw unclosed(line);
  };
  return {
    push: (text) => read(rest + text, false),
    end: () => read(rest, true),
  };
}

const unclosed = (line: number) =>
  failure(`the record that begins in line ${line} does not end: is a closing quote missing?`);

/** The separator that the first line has most of outside of quotes; undefined where that line is not complete yet. */
function separatorOf(text: string, isLast: boolean): number | undefined {
  const counts = new Map([..."\t;,"].map((separator) => [separator, 0]));
  let isQuoted = false;
  let hasEnded = isLast;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === "\n" || character === "\r") {
      hasEnded = true;
      break;
    }
    if (counts.has(character)) counts.set(character, counts.get(character)! + 1);
  }
  if (!hasEnded) return undefined;
  const most = Math.max(1, ...counts.values());
  const [best = ","] = [...counts].find(([, count]) => count === most) ?? [];
  return best.charCodeAt(0);
}

function countLines(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) count += 1;
  return count;
}
