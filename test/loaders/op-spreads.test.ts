import {beforeAll, expect, it} from "vitest";
import type {OpRow} from "../../docs/components/op-row.js";
import {opSpreadsTable} from "../../loaders/op-spreads-table.js";

let rows: OpRow[];
beforeAll(async () => {
  rows = (await opSpreadsTable([64, 256])).objects() as OpRow[];
});

/** Where theory takes weights that differ for equal. */
const approximated = ["attention", "softmax over m"];

it("opSpreadsTable() measures what theory says, for every op and pass that theory does not approximate", () => {
  const exact = rows.filter(({op}) => !approximated.includes(op));
  expect(exact.length).toBeGreaterThan(70);
  for (const {op, pass, width, plain, plain_theory, scaled, scaled_theory} of exact) {
    const name = `${op}, ${pass}, ${width}`;
    // Gradients of a gain or a bias are as few as the width: their spread has an error of 1/√(2m), tested at three.
    const tolerance = /(gain|bias)/.test(pass) ? 3 / Math.sqrt(2 * width) : 0.06;
    expect(Math.abs(plain / plain_theory - 1), name).toBeLessThan(tolerance);
    expect(Math.abs(scaled / scaled_theory - 1), name).toBeLessThan(tolerance);
  }
});

it("opSpreadsTable() has a spread near 1 for all that unit scaling scales, and m → 4m as far below as above", () => {
  for (const {op, pass, scaled} of rows) {
    expect(Math.abs(Math.log2(scaled)), `${op}, ${pass}`).toBeLessThan(0.72);
  }
  const wide = rows.filter(({op, width}) => op === "product m → 4m" && width === 256);
  const spreadOf = (pass: string) => wide.find((row) => row.pass === pass)!.scaled;
  expect(spreadOf("output") * spreadOf("input gradient")).toBeCloseTo(1, 1);
});

it("opSpreadsTable() lets attention and softmax write more than if all their weights were equal", () => {
  for (const {op, scaled} of rows.filter((row) => approximated.includes(row.op))) {
    expect(scaled, op).toBeGreaterThan(1.1);
  }
});
