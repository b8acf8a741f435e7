import {tableFromIPC} from "@uwdata/flechette";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {arrowChunks} from "../../src/sweeps/arrow-file.js";
import {csvChunks} from "../../src/sweeps/csv.js";
import {plannedRuns} from "../../src/sweeps/planned-runs.js";
import {type Cell, type Column, type ResultTable, tableForm} from "../../src/sweeps/result-tables.js";
import {bitNames} from "../../src/sweeps/run-bits.js";
import type {RunRecord} from "../../src/training/run-record.js";
import {sampleRecord, sampleSettings} from "./sample.js";

const settings = [
  sampleSettings({seed: 1, recipe: "fp8", lossScale: 8}),
  sampleSettings({seed: 2, recipe: "fp32"}),
];
const runs = plannedRuns(settings, "engine");
const records: RunRecord[] = [
  {
    ...sampleRecord(settings[0]),
    postTraining: [],
    heldOutLoss: [
      {step: 0, loss: 4},
      {step: 3, loss: 1.25},
    ],
  },
  {
    ...sampleRecord(settings[1]),
    trainingLoss: [3, Number.NaN],
    finalHeldOutLoss: null,
    diverged: {step: 3, reason: 'a loss of "NaN", twice'},
    postTraining: [{cast: "int4 row", method: "gptq", heldOutLoss: Number.POSITIVE_INFINITY}],
  },
];

/** Rows as objects. */
function rowsOf(table: ResultTable): Record<string, Cell>[] {
  const {columns, rows} = tableForm(table, runs);
  return runs.flatMap((run, index) =>
    [...rows(run, records[index])].map((row) =>
      Object.fromEntries(columns.map(({name}, i) => [name, row[i]])),
    ),
  );
}

describe("tableForm(table, runs)", () => {
  it("has a row for each run with all settings and results", () => {
    const rows = rowsOf("runs");
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      ...{
        run: runs[0].id,
        recipe: "fp8",
        seed: 1,
        width: 64,
        lossScale: "8",
        tiedHead: false,
        layerRecipes: "",
      },
      ...{
        parameters: 1234,
        held_out_loss: 1.25,
        diverged_step: null,
        gradient_to_noise: 12.5,
        loss_scale: 65536,
      },
    });
    expect(Object.keys(rows[0])).toEqual(expect.arrayContaining(Object.keys(settings[0])));
    expect(rows[1]).toMatchObject({held_out_loss: null, diverged_step: 3, lossScale: "recipe"});
  });

  it("has the variables of scaling laws: nothing where nothing is rounded, NaN where no number says it", () => {
    const [fp8, fp32] = rowsOf("runs");
    expect(fp8).toMatchObject({weightBits: 8, activationBits: 8, cacheBits: null, postTrainingBits: null});
    // E4M3 forward and E5M2 backward, and no scales.
    expect(fp8).toMatchObject({gradientBits: 8, exponentBits: Number.NaN, blockSize: Number.NaN});
    for (const name of bitNames) expect(fp32[name]).toBe(null);
  });

  it("has a row for each step with the settings that differ, and one for a loss before the first", () => {
    const shared = {run: runs[0].id, recipe: "fp8", seed: 1, lossScale: "8"};
    expect(rowsOf("steps")).toEqual([
      {...shared, step: 0, tokens: 0, training_loss: null, held_out_loss: 4},
      {...shared, step: 1, tokens: 1024, training_loss: 3.3, held_out_loss: null},
      {...shared, step: 2, tokens: 2048, training_loss: 2.1, held_out_loss: null},
      {...shared, step: 3, tokens: 3072, training_loss: 1 / 3, held_out_loss: 1.25},
      expect.objectContaining({run: runs[1].id, step: 1, training_loss: 3}),
      expect.objectContaining({run: runs[1].id, step: 2, training_loss: Number.NaN}),
      expect.objectContaining({run: runs[1].id, step: 3, training_loss: null, held_out_loss: 1.25}),
    ]);
  });

  it("has a row for each cast after training", () => {
    expect(rowsOf("post-training")).toEqual([
      {
        ...{run: runs[1].id, recipe: "fp32", seed: 2, lossScale: "recipe", parameters: 1234, tokens: 5678},
        ...{cast: "int4 row", method: "gptq", held_out_loss: Number.POSITIVE_INFINITY},
        held_out_loss_before: null,
        ...Object.fromEntries(bitNames.map((name) => [name, name === "postTrainingBits" ? 4 : null])),
      },
    ]);
  });
});

async function* groupsOf(groups: readonly (readonly (readonly Cell[])[])[]) {
  yield* groups;
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

const text = fc.oneof(
  fc.string(),
  fc.string({unit: "binary"}),
  fc.constantFrom("", '"', ",", "\n", "a\r\nb", " x "),
);
const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY));
const columns: Column[] = [
  {name: "a, b", type: "text"},
  {name: "number", type: "number"},
  {name: "integer", type: "integer"},
  {name: "boolean", type: "boolean"},
  {name: "category", type: "category", categories: ["one", "two, or more"]},
];
const row = fc.tuple(
  fc.option(text),
  fc.option(number),
  fc.option(fc.integer({min: -(2 ** 31), max: 2 ** 31 - 1})),
  fc.option(fc.boolean()),
  fc.constantFrom("one", "two, or more"),
);

describe("csvChunks(columns, groups)", () => {
  it("can be read back, whatever the texts are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(row, {maxLength: 4}), {maxLength: 4}), async (groups) => {
        const parsed = parseCsv((await collected(csvChunks(columns, groupsOf(groups)))).toString("utf8"));
        const expected = groups.flat().map((cells) => cells.map(cellText));
        expect(parsed).toEqual([columns.map(({name}) => name), ...expected]);
      }),
    );
  });
});

/** What a reader of CSV gets: null and texts apart by their quotes. */
const cellText = (cell: Cell): string | null =>
  cell === null ? null : Object.is(cell, -0) ? "-0" : Buffer.from(String(cell)).toString("utf8");

/** A reader after RFC 4180 that tells an empty text from nothing. */
function parseCsv(csv: string): (string | null)[][] {
  const rows: (string | null)[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\n]*)(,|\n|$)/gy;
  while (cell.lastIndex < csv.length) {
    const [, field, end] = cell.exec(csv)!;
    const value =
      field === "" ? null : field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
    rows[rows.length - 1].push(value);
    if (end === "\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

describe("arrowChunks(columns, groups)", () => {
  it("can be read back by another library", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, {maxLength: 4}), {minLength: 1, maxLength: 4}),
        async (groups) => {
          const table = tableFromIPC(await collected(arrowChunks(columns, groupsOf(groups))));
          const rows = groups.flat();
          expect(table.numRows).toBe(rows.length);
          expect(table.names).toEqual(columns.map(({name}) => name));
          const read = rows.map((_, i) => columns.map((_, column) => table.getChildAt(column).at(i)));
          expect(read).toEqual(
            rows.map((cells) => cells.map((cell) => (typeof cell === "string" ? cellText(cell) : cell))),
          );
        },
      ),
    );
  });

  it("writes many rows in batches, of which the first are out before the last are made", async () => {
    const [groups, size] = [50, 1000];
    let made = 0;
    async function* counting() {
      for (made = 0; made < groups; made++) {
        yield Array.from({length: size}, (_, i) => ["x", made, i, true, i % 2 ? "one" : "two, or more"]);
      }
    }
    const parts: Uint8Array[] = [];
    let largest = 0;
    let madeAtFirst = 0;
    for await (const chunk of arrowChunks(columns, counting())) {
      if (parts.length === 0) madeAtFirst = made;
      largest = Math.max(largest, chunk.length);
      parts.push(chunk);
    }
    expect(madeAtFirst).toBeLessThan(20);
    const table = tableFromIPC(Buffer.concat(parts));
    expect(table.numRows).toBe(groups * size);
    expect(table.get(size * groups - 1)).toEqual({
      ...{"a, b": "x", number: 49, integer: 999, boolean: true, category: "one"},
    });
    expect(largest).toBeLessThan(1e6);
  });
});
