import {describe, expect, it} from "vitest";
import {fit as fitTo, type RunTable} from "../../src/laws/fit.js";
import {fitData} from "../../src/laws/fit-data.js";
import {lawOf} from "../../src/laws/index.js";
import {designs, grid, syntheticTable} from "./synthetic.js";

const chinchilla = lawOf("chinchilla");
const precision = lawOf("precision");
const table = syntheticTable(chinchilla, chinchilla.published[0].values, designs.chinchilla, {
  spread: 0.003,
  seed: 1,
});

function changed(name: string, row: number, value: number): RunTable {
  return {...table, columns: {...table.columns, [name]: table.columns[name].with(row, value)}};
}

describe("a table of runs", () => {
  it("without a needed column is refused by name, with what it has", () => {
    const {tokens, ...columns} = table.columns;
    expect(() => fitData(chinchilla, {...table, columns})).toThrow(
      "chinchilla needs a column tokens; the table has parameters, loss",
    );
    expect(() => fitData(chinchilla, {...table, columns: {...columns, tokens, loss: undefined!}})).toThrow(
      "chinchilla needs a column loss",
    );
  });

  it("without a column of bits has runs that are not rounded", () => {
    const {inputs, width, rows} = fitData(precision, table);
    expect([width, rows]).toEqual([5, 36]);
    for (let i = 0; i < rows; i++)
      expect([...inputs.slice(5 * i + 2, 5 * i + 5)]).toEqual(Array(3).fill(Infinity));
  });

  it.each([
    ["loss", 0, "row 4: loss is 0, and has to be a number above 0"],
    ["loss", -2, "row 4: loss is -2, and has to be a number above 0"],
    ["loss", Number.NaN, "row 4: loss is NaN, and has to be a number above 0"],
    ["loss", Number.POSITIVE_INFINITY, "row 4: loss is Infinity, and has to be a number above 0"],
    ["parameters", 0, "row 4: parameters is 0, and has to be a number above 0"],
    ["tokens", Number.NaN, "row 4: tokens is NaN, and has to be a number above 0"],
    ["tokens", Number.POSITIVE_INFINITY, "row 4: tokens is Infinity, and has to be a number above 0"],
  ])("with a %s of %d is refused in one line, or loses the row and says so", (name, value, message) => {
    const bad = changed(name, 3, value);
    expect(() => fitTo(chinchilla, bad)).toThrow(message);
    const {rows, dropped, places, warnings} = fitTo(chinchilla, bad, {dropInvalid: true});
    expect(rows).toBe(35);
    expect(dropped).toEqual([{row: 3, reason: message.slice("row 4: ".length)}]);
    expect(places).not.toContain(3);
    expect(warnings).toContain(`1 row is not used: ${dropped[0].reason}.`);
  });

  it("names the row as its reader does", () => {
    const bad = {
      ...changed("loss", 3, -1),
      labels: Array.from({length: 36}, (_, i) => `runs.csv line ${i + 2}`),
    };
    expect(() => fitData(chinchilla, bad)).toThrow("runs.csv line 5: loss is -1");
  });

  it("with bits below 0 is refused, and takes Infinity and 0 where they have a meaning", () => {
    const floats = lawOf("floating-point");
    const runs = syntheticTable(floats, floats.published[0].values, designs["floating-point"], {
      spread: 0,
      seed: 1,
    });
    const with0 = {...runs, columns: {...runs.columns, exponentBits: runs.columns.exponentBits.with(0, 0)}};
    expect(fitData(floats, with0).rows).toBe(runs.rows);
    const withLess = {
      ...runs,
      columns: {...runs.columns, exponentBits: runs.columns.exponentBits.with(0, -1)},
    };
    expect(() => fitData(floats, withLess)).toThrow(
      "row 1: exponentBits is -1, and has to be a number from 0",
    );
  });

  it("without any row is refused", () => {
    const empty = {
      rows: 0,
      columns: {parameters: new Float64Array(), tokens: new Float64Array(), loss: new Float64Array()},
    };
    expect(() => fitTo(chinchilla, empty)).toThrow("no runs to fit chinchilla to");
    expect(() => fitTo(chinchilla, table, {droppedRows: [...Array(36).keys()]})).toThrow("no runs to fit");
    expect(() => fitTo(chinchilla, table, {droppedRows: [36]})).toThrow(
      "no row 36 to drop: the table has rows 0 to 35",
    );
  });

  it("with one run, or with equal losses everywhere, ends in a fit that claims nothing", () => {
    const one = {
      rows: 1,
      columns: Object.fromEntries(Object.entries(table.columns).map(([k, v]) => [k, v.slice(0, 1)])),
    };
    for (const bad of [one, {...table, columns: {...table.columns, loss: new Float64Array(36).fill(2)}}]) {
      const {constants} = fitTo(chinchilla, bad);
      const claims = constants.filter(({identified, name}) => identified && name !== "E");
      expect(claims).toEqual([]);
    }
  });

  it("has groups of equal parameters and tokens, numbered as they occur", () => {
    const points = [...grid({parameters: [1e8, 2e8], tokens: [1e9, 2e9]}), {parameters: 1e8, tokens: 1e9}];
    const runs = syntheticTable(chinchilla, chinchilla.published[0].values, points, {spread: 0, seed: 1});
    expect([...fitData(chinchilla, runs).groups]).toEqual([0, 1, 2, 3, 0]);
    expect([...fitData(chinchilla, runs, {groupBy: ["parameters"]}).groups]).toEqual([0, 0, 1, 1, 0]);
  });
});

describe("options of a fit", () => {
  it.each([
    [{huberDelta: 0}, "huberDelta is 0, and has to be above 0"],
    [{confidence: 1}, "confidence is 1, and has to lie between 0 and 1"],
    [{starts: 0}, "starts is 0, and has to be a whole number from 1"],
    [{bootstrap: {replicates: 1}}, "replicates is 1, and has to be a whole number from 2"],
    [{heldOut: {folds: 1}}, "folds is 1, and has to be a whole number from 2"],
    [{fixed: {alhpa: 1}}, 'chinchilla has no constant "alhpa"; did you mean alpha?'],
    [{fixed: {A: -1}}, "A cannot be fixed to -1: it has to be a number above 0"],
    [
      {bounds: {A: [2, 1] as const}},
      "bounds of A have to be two numbers above 0, the smaller first, not 2 and 1",
    ],
    [
      {
        tied: [
          ["alpha", "beta"],
          ["beta", "A"],
        ],
      },
      "beta is tied twice",
    ],
    [
      {tied: [["alpha", "beta"]], fixed: {alpha: 1, beta: 2}},
      "alpha and beta are tied and cannot be fixed to different values",
    ],
    [{weights: "seed"}, "no column seed in the table; it has parameters, tokens, loss"],
  ])("%j are refused", (options, message) => {
    expect(() => fitTo(chinchilla, table, options)).toThrow(message);
  });
});
