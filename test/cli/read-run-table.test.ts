import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {tableFromIPC} from "@uwdata/flechette";
import {
  Bool,
  Float32,
  Float64,
  Int64,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Table,
  tableToIPC,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import {expect, it} from "vitest";
import {type ReadRunTableOptions, readRunTableFile} from "../../src/cli/read-run-table.js";
import {readColumnarRunTable} from "../../src/laws/columnar-run-table.js";
import {temporaryFolder} from "./bitscape.js";

const folder = temporaryFolder();

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const read = (name: string, content: string | Uint8Array, options: ReadRunTableOptions = {}) =>
  readRunTableFile(file(name, content), options);

const runs = new Table({
  recipe: vectorFromArray(["fp32", "int4", "fp32"]), // a dictionary
  parameters: vectorFromArray([1_000_000n, 2_000_000n, 3_000_000n], new Int64()),
  "Training FLOP": vectorFromArray([6e14, 24e14, 54e14], new Float64()),
  weightBits: vectorFromArray([null, 4, null], new Float64()),
  loss: vectorFromArray([3.5, 3.25, 3], new Float32()),
} as Record<string, Vector>);

const expected = {
  parameters: [1e6, 2e6, 3e6],
  tokens: [1e8, 2e8, 3e8],
  weightBits: [Number.POSITIVE_INFINITY, 4, Number.POSITIVE_INFINITY],
  loss: [3.5, 3.25, 3],
};

const plain = (columns: Readonly<Record<string, Float64Array>>) =>
  Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [...values]]));

it.each(["file", "stream"] as const)(
  "readRunTableFile() reads an Arrow %s with integers, float32, nulls and dictionaries",
  async (kind) => {
    const {table, positionNoun} = await read(`runs-${kind}`, tableToIPC(runs, kind));
    expect(plain(table.columns)).toEqual(expected);
    expect(positionNoun).toBe("row");
  },
);

it("readRunTableFile() reads all batches of an Arrow file, and counts their rows through", async () => {
  for (const Writer of [RecordBatchFileWriter, RecordBatchStreamWriter]) {
    const writer = new Writer();
    writer.write(runs.batches[0]);
    writer.write(runs.batches[0]);
    const bytes = await writer.finish().toUint8Array();
    const {table, positions} = await read("batches.arrow", bytes, {
      filters: [{column: "recipe", comparison: "=", value: "fp32"}],
    });
    expect(table.rows).toBe(4);
    expect([...positions]).toEqual([1, 3, 4, 6]);
  }
});

it("readColumnarRunTable() gives the same of an Arrow table that a page has decoded", () => {
  const table = tableFromIPC(tableToIPC(runs, "file"), {useBigInt: true});
  const columns = table.schema.fields.map((_, i) => table.getChildAt(i));
  const reading = readColumnarRunTable({
    names: table.schema.fields.map(({name}) => name),
    rows: table.numRows,
    valueAt: (column, row) => columns[column].at(row),
  });
  expect(plain(reading.table.columns)).toEqual(expected);
});

it("readRunTableFile() refuses rows of an Arrow file as those of a text", async () => {
  const bad = new Table({
    N: vectorFromArray([1, 2, 3], new Float64()),
    D: vectorFromArray([1, null, 3], new Float64()),
    loss: vectorFromArray([true, false, true], new Bool()),
  } as Record<string, Vector>);
  const bytes = tableToIPC(bad, "file");
  await expect(read("bad.arrow", bytes)).rejects.toThrow(
    /bad\.arrow: 3 of 3 rows cannot be used: row 1: loss is "true", which is no number; row 2: tokens is empty/,
  );
});

it("readRunTableFile() says that an Arrow file is cut off or damaged, wherever", async () => {
  const bytes = tableToIPC(runs, "file");
  for (let end = 8; end < bytes.length; end += 97) {
    await expect(read("cut.arrow", bytes.subarray(0, end)), `${end} bytes`).rejects.toThrow(
      /cut\.arrow: (this cannot be read as Arrow|the table has no rows)/,
    );
  }
  await expect(read("not.arrow", "ARROW1 is how this begins")).rejects.toThrow(
    "this cannot be read as Arrow",
  );
});

it("readRunTableFile() reads text that gzip packed, and says where it is damaged", async () => {
  const packed = gzipSync("N,D,loss\n1e6,2e7,3\n");
  expect((await read("runs.csv.gz", packed)).table.rows).toBe(1);
  await expect(read("cut.csv.gz", packed.subarray(0, 25))).rejects.toThrow("cut.csv.gz: cannot be unpacked");
});

it("readRunTableFile() tells how far it is", async () => {
  const text = `N,D,loss\n${"1e6,2e7,3\n".repeat(100_000)}`;
  const seen: (readonly [number, number | null])[] = [];
  await read("long.csv", text, {onProgress: (...progress) => seen.push(progress)});
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.at(-1)).toEqual([text.length, text.length]);
});

it("readRunTableFile() names a file that it cannot read", async () => {
  await expect(readRunTableFile(join(folder, "absent.csv"), {})).rejects.toThrow(
    /absent\.csv: .*no such file/i,
  );
  await expect(readRunTableFile(folder, {})).rejects.toThrow(/is a (directory|folder)/i);
});
