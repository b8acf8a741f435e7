import {expect, it} from "vitest";
import type {HealthRow} from "../../../docs/components/health-row.js";
import {lossParting} from "../../../docs/components/loss-parting.js";
import {partedSentence, partingSentence} from "../../../docs/components/parting-sentences.js";
import {differences, firstParting} from "../../../docs/components/partings.js";
import {healthRows} from "./recipe-rows.js";

const steps = [0, 100, 200, 300, 400];
const spread = {steps, measure: "spread"} as const;
const rowsOf = (recipe: string, scheme = "standard") =>
  healthRows().filter((row) => row.recipe === recipe && row.scheme === scheme);

/** The rows with the value of one tensor changed from some look on. */
const changed = (
  rows: readonly HealthRow[],
  place: {layer: string; tensor: string; look: number},
  change: (value: number) => number,
): HealthRow[] =>
  rows.map((row) =>
    row.layer === place.layer && row.tensor === place.tensor
      ? {...row, spread: Array.from(row.spread, (x, i) => (i >= place.look ? change(x) : x))}
      : row,
  );

it("differences(a, b) go step by step, forward through the layers, then backward", () => {
  const all = differences(rowsOf("bf16"), rowsOf("fp32"), spread);
  const order = all.map(({step, layer, tensor}) => `${step} ${layer} ${tensor}`);
  expect(order.slice(0, 3)).toEqual([
    "0 embedding activation",
    "0 embedding weight",
    "0 block 1 qkv activation",
  ]);
  const firstGradient = order.findIndex((place) => place.endsWith("gradient"));
  expect(order.slice(firstGradient, firstGradient + 3)).toEqual([
    "0 head activation gradient",
    "0 head weight gradient",
    "0 block 2 mlp down activation gradient",
  ]);
  expect(order[40]).toBe("100 embedding activation");
});

it("firstParting finds the one tensor that was changed, and nothing below the threshold", () => {
  const rows = rowsOf("bf16");
  const place = {layer: "block 2 qkv", tensor: "weight gradient", look: 2};
  const all = differences(
    changed(rows, place, (x) => x * 1.3),
    rows,
    spread,
  );
  expect(firstParting(all, 0.2)).toMatchObject({step: 200, layer: "block 2 qkv", tensor: "weight gradient"});
  expect(firstParting(all, 0.2)!.difference).toBeCloseTo(0.3, 6);
  expect(firstParting(all, 0.31)).toBeUndefined();
});

it("firstParting prefers what a step computes earlier, whatever the order of the rows", () => {
  const rows = rowsOf("bf16");
  const early = changed(
    rows,
    {layer: "block 2 mlp up", tensor: "activation gradient", look: 1},
    (x) => x / 2,
  );
  const both = changed(early, {layer: "block 1 qkv", tensor: "activation gradient", look: 1}, (x) => x / 9);
  const all = differences(both.toReversed(), rows, spread);
  expect(firstParting(all, 0.1)).toMatchObject({step: 100, layer: "block 2 mlp up", difference: -1});
});

it("differences(a, b) compare vanished and broken tensors with living ones", () => {
  const rows = rowsOf("bf16");
  const place = {layer: "head", tensor: "activation", look: 0};
  const differenceOf = (a: number, b: number) => {
    const all = differences(
      changed(rows, place, () => a),
      changed(rows, place, () => b),
      spread,
    );
    return all.find(({layer, tensor}) => layer === "head" && tensor === "activation")!.difference;
  };
  expect(differenceOf(0, 0)).toBe(0);
  expect(differenceOf(1, 0)).toBe(Infinity);
  expect(differenceOf(0, 1)).toBe(-Infinity);
  expect(differenceOf(Number.NaN, Number.NaN)).toBe(0);
  expect(differenceOf(Number.NaN, 1)).toBe(Infinity);
  expect(differenceOf(1, Number.POSITIVE_INFINITY)).toBe(-Infinity);
});

it("differences(a, b) end with the run that ended first", () => {
  const cut = rowsOf("bf16").map((row) => ({...row, spread: Array.from(row.spread).slice(0, 2)}));
  expect(differences(cut, rowsOf("fp32"), spread).at(-1)!.step).toBe(100);
});

it("differences(a, b, {measure: lost}) count what no cast touches as kept", () => {
  const all = differences(rowsOf("fp8"), rowsOf("fp32"), {steps, measure: "lost"});
  const first = firstParting(all, 0.05)!;
  expect(first).toMatchObject({step: 0, layer: "head", tensor: "activation gradient", b: 0});
  expect(first.a).toBeCloseTo(0.1, 6);
});

it("partingSentence names the first step, layer and tensor, with what was measured", () => {
  const names = {a: "fp8", b: "fp32", threshold: 0.1, lastStep: 400} as const;
  const first = {
    step: 0,
    depth: 6,
    layer: "block 2 mlp up",
    tensor: "activation gradient",
    difference: -1,
  } as const;
  expect(partingSentence({...first, a: 2 ** -20, b: 2 ** -19}, {...names, measure: "spread"})).toBe(
    "FP8, plain and FP32 part before the first update, on the way backward: the first to differ are the activation " +
      "gradients of mlp up in block 2, whose spread is 1.00 · 2⁻²⁰ under FP8, plain and 1.00 · 2⁻¹⁹ under FP32.",
  );
  expect(
    partingSentence({...first, step: 80, layer: "head", a: 0.4, b: 0}, {...names, measure: "lost"}),
  ).toBe(
    "FP8, plain and FP32 part at step 80, on the way backward: the first to differ are the activation gradients of the " +
      "head, of which the cast loses 40% under FP8, plain and 0% under FP32.",
  );
  expect(partingSentence(undefined, {...names, measure: "spread"})).toBe(
    "FP8, plain and FP32 do not part: up to step 400, the spread of any tensor differs by no more than 10%.",
  );
  expect(partingSentence(undefined, {...names, b: "fp8", measure: "spread"})).toContain("with itself");
});

it("partedSentence counts what differs where the runs were last compared", () => {
  const all = differences(rowsOf("fp8"), rowsOf("fp32"), spread);
  expect(partedSentence(all, 0.01)).toBe("At step 400, 20 of 40 tensors differ by as much.");
  expect(partedSentence(all, 100)).toBe("At step 400, 0 of 40 tensors differ by as much.");
});

it("lossParting finds from where on two losses stay apart", () => {
  const row = (step: number, loss: number) => ({scheme: "unit", recipe: "fp32", step, loss});
  const a = [3, 2, 2, 2, 2].map((loss, i) => row(10 * i, loss));
  const b = [4, 2, 2, 2.2, 2.3].map((loss, i) => row(10 * i, loss));
  expect(lossParting(a, b, 0.1)).toBe(30);
  expect(lossParting(a, b, 0.5)).toBeUndefined();
  expect(lossParting(a, b.slice(0, 3), 0.1)).toBe(30);
  expect(lossParting(a.slice(0, 3), b, 0.1)).toBe(30);
  const broken = b.map((point) => ({...point, loss: Number.NaN}));
  expect(lossParting(a, broken, 0.1)).toBe(0);
});
