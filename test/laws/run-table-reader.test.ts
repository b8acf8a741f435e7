import {csvFormatRows} from "d3";
import fc from "fast-check";
import {expect, it} from "vitest";
import {parseRowFilter} from "../../src/laws/row-filter.js";
import type {RunTableOptions} from "../../src/laws/run-table-builder.js";
import {readRunTable, runTableReader} from "../../src/laws/run-table-reader.js";

const values = (text: string, options?: RunTableOptions) =>
  Object.fromEntries(
    Object.entries(readRunTable(text, options).table.columns).map(([name, column]) => [name, [...column]]),
  );

it.each([
  ["our names", "parameters,tokens,weightBits,loss"],
  ["snake case", "parameters,tokens,weight_bits,held_out_loss"],
  ["the symbols of papers", "N,D,P_w,L"],
  ["words with spaces", "Model Size,Training tokens,Weight bits,Final loss"],
  ["names of logs", "n_params,n_tokens,w_bits,val_loss"],
])("readRunTable() recognizes columns by %s", (_, header) => {
  expect(values(`${header}\n1e6,2e7,4,3.5\n2e6,4e7,,3.25\n`)).toEqual({
    parameters: [1e6, 2e6],
    tokens: [2e7, 4e7],
    weightBits: [4, Number.POSITIVE_INFINITY],
    loss: [3.5, 3.25],
  });
});

it("readRunTable() takes tokens from compute where they are missing, and says so", () => {
  const {table, columns} = readRunTable("x,Model Size,Training FLOP,loss\n0,1e9,6e19,3\n");
  expect([...table.columns.tokens]).toEqual([1e10]);
  expect(columns).toEqual({
    parameters: '"Model Size"',
    tokens: '"Training FLOP" / (6 · parameters)',
    loss: '"loss"',
  });
  expect(values("N,C,D,loss\n1e9,6e19,5,3")).toMatchObject({tokens: [5]});
});

it("readRunTable(text, {columns}) takes columns as named, before those that it recognizes", () => {
  const text = "a,b,loss,test loss,loss\n1e6,2e7,3,4,5\n";
  const columns = {parameters: "A", tokens: "b"};
  expect(values(text, {columns: {...columns, loss: "test loss"}}).loss).toEqual([4]);
  expect(values(text, {columns: {...columns, loss: "#5"}}).loss).toEqual([5]);
  expect(() => readRunTable(text, {columns})).toThrow(
    'loss can be several columns: "loss" (#3), "loss" (#5); choose one by its place, as in loss=#3',
  );
  expect(() => readRunTable(text, {columns: {...columns, loss: "tset loss"}})).toThrow(
    'no column "tset loss"; did you mean "test loss"?',
  );
  expect(() => readRunTable(text, {columns: {...columns, loss: "#6"}})).toThrow(
    "loss=#6: the table has 5 columns",
  );
  expect(() => readRunTable(text, {columns: {paramters: "a"}})).toThrow(
    '"paramters"; did you mean parameters?',
  );
});

it.each([
  ["N,D,los\n", 'no column for loss; is it "los"? Name it, as in loss=NAME ("N", "D", "los")'],
  ["N,loss\n", "no column for tokens, nor compute from which they follow"],
  ["D,loss,size of the net\n", "no column for parameters"],
])("readRunTable(%j) names the missing column and the likeliest one", (text, message) => {
  expect(() => readRunTable(text)).toThrow(message);
});

it("readRunTable() reads every way to say that bits are not rounded", () => {
  const words = ["", "none", "fp32", "BF16", "inf", "Infinity", "NA", " null ", "-", "full"];
  const text = ["N,D,loss,weightBits", ...words.map((word) => `1e6,1e8,3,${word}`)].join("\n");
  expect(new Set(values(text).weightBits)).toEqual(new Set([Number.POSITIVE_INFINITY]));
});

it("readRunTable(text, {unrounded: 16}) takes 16 bits and more as not rounded, and only bits", () => {
  const text = "N,D,loss,weightBits,blockSize\n1e6,1e8,3,16,32\n1e6,1e8,3,15,64\n";
  expect(values(text, {unrounded: 16})).toMatchObject({
    weightBits: [Number.POSITIVE_INFINITY, 15],
    blockSize: [32, 64],
  });
  expect(values(text).weightBits).toEqual([16, 15]);
});

it("readRunTable() reads counts with units and thousands, and decimal commas between semicolons", () => {
  expect(values('N,D,loss\n30M,1.5B,3\n7B,"2,000,000,000",3.5\n')).toMatchObject({
    parameters: [3e7, 7e9],
    tokens: [1.5e9, 2e9],
  });
  expect(values("N;D;loss\n1e6;1e8;3,25\n1e6;1e8;3.5\n").loss).toEqual([3.25, 3.5]);
});

it("readRunTable() reads a byte order mark, CRLF, tabs, quotes with line breaks and UTF-16", () => {
  const text = '\uFEFFN\tD\tnote\tloss\r\n1e6\t1e8\t"a ""b""\r\n\tc"\t3\r\n';
  const expected = {parameters: [1e6], tokens: [1e8], loss: [3]};
  expect(values(text)).toEqual(expected);
  const reader = runTableReader();
  reader.push(new Uint8Array(Buffer.from(text, "utf16le")));
  expect([...reader.end().table.columns.loss]).toEqual([3]);
});

it.each([
  ["1e6,1e8,abc", 'line 3: loss is "abc", which is no number'],
  ["1e6,1e8,", "line 3: loss is empty"],
  ["1e6,1e8,NaN", "line 3: loss is not a number (NaN)"],
  ["1e6,1e8,-2.5", "line 3: loss is -2.5, and must be above 0"],
  ["1e6,1e8,0", "line 3: loss is 0, and must be above 0"],
  ["1e6,Infinity,3", "line 3: tokens is infinite"],
  ["1e6,-inf,3", "line 3: tokens is infinite"],
  ["0x10,1e8,3", 'line 3: parameters is "0x10", which is no number'],
  ["1e6,1e8", "line 3: 2 cells instead of 3"],
  ["1e6,1e8,3,4", "line 3: 4 cells instead of 3"],
  ["1e6,1e400,3", "line 3: tokens is infinite"],
])("readRunTable() refuses the row %j by line, and can leave it out", (row, message) => {
  const text = `N,D,loss\n1e6,1e8,3\n${row}\n1e6,2e8,4,,\n`;
  expect(() => readRunTable(text)).toThrow(`1 of 3 rows cannot be used: ${message}. Correct this line`);
  const {table, positions, badRows, firstBadRows} = readRunTable(text, {skipBadRows: true});
  expect({loss: [...table.columns.loss], positions: [...positions], badRows, firstBadRows}).toEqual({
    loss: [3, 4],
    positions: [2, 4],
    badRows: 1,
    firstBadRows: [message],
  });
});

it("readRunTable() names the first three bad rows and counts the rest", () => {
  const text = `N,D,loss\n${"1,2,x\n".repeat(10)}`;
  expect(() => readRunTable(text)).toThrow(/10 of 10 rows.*line 2: .*line 3: .*line 4: .*; and 7 more\./);
  expect(() => readRunTable(text, {skipBadRows: true})).toThrow("none of the 10 rows can be used");
});

it("readRunTable(text, {filters}) keeps rows by the text or the number of any column, before it judges them", () => {
  const text = "N,D,loss,recipe,seed\n1e6,1e8,3,fp32,1\n1e6,1e8,bad,int4,1\n1e6,1e8,5,fp32,2.0\n";
  const kept = (...filters: string[]) => values(text, {filters: filters.map(parseRowFilter)}).loss;
  expect(kept("recipe=fp32")).toEqual([3, 5]);
  expect(kept("recipe!=int4", "seed=2")).toEqual([5]);
  expect(kept("seed<2", "recipe = fp32")).toEqual([3]);
  expect(() => kept("recipe=fp8")).toThrow("none of the 3 rows is left by the filters");
  expect(() => kept("recip=fp8")).toThrow('no column "recip"; did you mean "recipe"?');
  expect(() => parseRowFilter("recipe")).toThrow("expected COLUMN=VALUE");
  expect(readRunTable(text, {filters: [parseRowFilter("recipe=fp32")]}).filteredOut).toBe(1);
});

it("readRunTable() shows what a table holds as plain text of one line", () => {
  const header = '"<img src=x onerror=alert(1)>","a\u001b[31m\nb"';
  expect(() => readRunTable(`${header}\n`)).toThrow('("<img src=x onerror=alert(1)>", "a [31m b")');
  expect(() => readRunTable(`N,D,loss\n1,2,${"9x".repeat(500)}\n`)).toThrow(/loss is ".{39}…"/);
});

it.each([
  ["", "the file is empty"],
  ["N,D,loss\n", "the table has no rows"],
  ["\n\n", "the file is empty"],
  ['[{"loss": 1}]', "this looks like JSON"],
  ["PAR1\u0015", "this is a Parquet file: write it as CSV or Arrow"],
  ["PK\u0003\u0004", "this is a spreadsheet or zip file: save the table as CSV"],
  ["a\0b", "this is no text"],
])("readRunTable(%j) says what is wrong with the file", (text, message) => {
  expect(() => readRunTable(text)).toThrow(message);
});

it("runTableReader() gives the same table wherever the bytes are cut", () => {
  const number = fc.double({min: 1e-3, max: 1e12, noNaN: true});
  fc.assert(
    fc.property(
      fc.array(fc.tuple(number, number, number, fc.string()), {minLength: 1, maxLength: 20}),
      fc.integer({min: 1, max: 40}),
      (rows, size) => {
        const text = csvFormatRows([["N", "D", "loss", "näme"], ...rows.map((row) => row.map(String))]);
        const bytes = new TextEncoder().encode(text);
        const reader = runTableReader();
        for (let i = 0; i < bytes.length; i += size) reader.push(bytes.subarray(i, i + size));
        const {columns} = reader.end().table;
        expect(rows.map((_, i) => [columns.parameters[i], columns.tokens[i], columns.loss[i]])).toEqual(
          rows.map((row) => row.slice(0, 3)),
        );
      },
    ),
  );
});

it("runTableReader() reads 5 MB in pieces and keeps the numbers only", () => {
  const reader = runTableReader();
  const encoder = new TextEncoder();
  reader.push(encoder.encode("note,N,D,loss\n"));
  const piece = encoder.encode(`"${"x".repeat(80)}, y",1e6,2e7,3.5\n`.repeat(500));
  let bytes = 0;
  for (; bytes < 5e6; bytes += piece.length) reader.push(piece);
  const {table, rowsRead} = reader.end();
  expect(table.rows).toBe(rowsRead);
  expect(table.rows).toBe((bytes / piece.length) * 500);
  expect(table.columns.loss.every((loss) => loss === 3.5)).toBe(true);
});
