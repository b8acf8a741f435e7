import {csvFormatRows, csvParseRows, tsvFormatRows} from "d3";
import fc from "fast-check";
import {expect, it} from "vitest";
import {delimitedReader} from "../../src/laws/delimited-text.js";

/** The records of a text that arrives in pieces, with their lines. */
function read(pieces: readonly string[], separator?: string) {
  const records: string[][] = [];
  const lines: number[] = [];
  const reader = delimitedReader({
    separator,
    onRecord(cells, line) {
      records.push([...cells]);
      lines.push(line);
    },
  });
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return {records, lines};
}

function cut(text: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, i, all) => text.slice(i === 0 ? 0 : all[i - 1], end));
}

const cell = fc.string({
  unit: fc.constantFrom("a", "1", '"', ",", ";", "\t", "\n", "\r", " ", "é", "𝔸"),
  maxLength: 6,
});
const table = fc
  .tuple(fc.integer({min: 2, max: 4}), fc.integer({min: 1, max: 6}))
  .chain(([columns, rows]) =>
    fc.array(fc.array(cell, {minLength: columns, maxLength: columns}), {minLength: rows, maxLength: rows}),
  );

it("delimitedReader() reads what d3 writes, wherever the text is cut", () => {
  fc.assert(
    fc.property(table, fc.array(fc.nat(), {maxLength: 8}), (rows, places) => {
      expect(read(cut(csvFormatRows(rows), places), ",").records).toEqual(rows);
      expect(read(cut(tsvFormatRows(rows), places), "\t").records).toEqual(rows);
    }),
    {numRuns: 300},
  );
});

it("delimitedReader() reads any text with closed quotes as d3 does, but for empty lines", () => {
  const text = fc.string({unit: fc.constantFrom("a", "b", ",", "\n", "\r\n"), maxLength: 30});
  fc.assert(
    fc.property(text, fc.array(fc.nat(), {maxLength: 5}), (text, places) => {
      const expected = csvParseRows(text).filter((cells) => cells.length > 1 || cells[0] !== "");
      expect(read(cut(text, places), ",").records).toEqual(expected);
    }),
  );
});

it("delimitedReader() knows the line of each record, with line breaks in quotes and every kind of line end", () => {
  expect(read(['a,b\r\n"1\n2",3\r\r4,5\n\n6,7']).lines).toEqual([1, 2, 5, 7]);
});

it("delimitedReader() takes as separator what the first line has most of outside of quotes", () => {
  expect(read(['"a,b,c";d;e\n1,5;2;3']).records[1]).toEqual(["1,5", "2", "3"]);
  expect(read(["a\tb,c\td\n1\t2\t3"]).records[1]).toEqual(["1", "2", "3"]);
  expect(read(["loss\n1;2"]).records).toEqual([["loss"], ["1;2"]]);
});

it("delimitedReader() keeps quotes inside of a cell, and text behind a closing quote", () => {
  expect(read(['5" disk,"a"b,c']).records).toEqual([['5" disk', "ab", "c"]]);
});

it("delimitedReader() names the line of a quote that is never closed, before it has read everything", () => {
  expect(() => read(['a,b\n1,2\n3,"4\n5,6'])).toThrow(/line 3 does not end: is a closing quote missing/);
  const reader = delimitedReader({onRecord: () => {}});
  reader.push('a,b\n1,"');
  const pushMany = () => {
    for (let i = 0; i < 100; i++) reader.push("x".repeat(65_536));
  };
  expect(pushMany).toThrow(/line 2 does not end/);
});
