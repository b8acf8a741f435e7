import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {storedBits, trainingBits, withBits} from "../../src/laws/bits.js";
import {type BudgetQuestion, budgetLine, costOf, optimumAlongBudget} from "../../src/laws/budgets.js";
import {chinchillaOptimal} from "../../src/laws/compute-optimal.js";
import {bitsForTokens} from "../../src/laws/floating-point-optima.js";
import {lawOf} from "../../src/laws/index.js";
import {constantsOf, inputsOf} from "../../src/laws/law.js";
import {layoutFor} from "../../src/laws/layout.js";
import {precisionFactor} from "../../src/laws/precision.js";
import type {VariableName} from "../../src/laws/variables.js";

const precision = lawOf("precision");
const {values} = precision.published[0];
const constants = constantsOf(precision, values);
const floats = lawOf("floating-point");
const floatValues = floats.published[0].values;

describe("costOf(kind, law, point)", () => {
  const point = {parameters: 1e9, tokens: 2e10, weightBits: 4, activationBits: 8};

  it("counts compute by the mean bits of weights and activations, 6·N·D for 16", () => {
    expect(costOf("compute", lawOf("chinchilla"), point)).toBe(6 * 1e9 * 2e10);
    expect(trainingBits(precision, point)).toBe(6);
    expect(trainingBits(lawOf("precision-weights"), point)).toBe(4);
    expect(costOf("compute", precision, withBits(precision, constants, point, 8))).toBe(3 * 1e9 * 2e10);
    expect(trainingBits(floats, {exponentBits: 4, mantissaBits: 3})).toBe(8);
  });

  it("counts memory in bytes of the weights as they are stored", () => {
    expect(costOf("memory", precision, point)).toBe(5e8);
    expect(costOf("memory", lawOf("chinchilla"), point)).toBe(5e8);
    expect(costOf("memory", lawOf("post-training"), {...point, postTrainingBits: 3})).toBe(3.75e8);
    expect(costOf("inference", lawOf("unified"), {...point, postTrainingBits: 8})).toBe(4e9);
    expect(storedBits(floats, {})).toBe(16);
  });

  it("withBits(law, constants, point, bits) gives all operands these bits, and takes them back", () => {
    for (const law of [precision, floats, lawOf("floating-point-bits"), lawOf("precision-with-gradients")]) {
      const inOrder = law.published[0] ? constantsOf(law, law.published[0].values) : constants;
      expect(trainingBits(law, withBits(law, inOrder, {}, 6.5))).toBeCloseTo(6.5, 12);
    }
  });
});

const range = (variable: VariableName, from: number, to: number) => ({variable, from, to});

const question: BudgetQuestion = {
  x: range("weightBits", 2, 16),
  y: range("parameters", 1e7, 1e9),
  rest: {tokens: 1e10},
  budget: {kind: "memory", amount: 1e8},
};

const surfaces: readonly (readonly [string, string, BudgetQuestion])[] = [
  ["memory over bits of weights and parameters", "precision", question],
  [
    "compute over parameters and tokens",
    "precision",
    {
      x: range("parameters", 1e6, 1e11),
      y: range("tokens", 1e6, 1e13),
      rest: {weightBits: 8, activationBits: 8, cacheBits: 8},
      budget: {kind: "compute", amount: 1e20},
    },
  ],
  [
    "compute over bits of weights and activations",
    "precision",
    {
      x: range("weightBits", 2, 16),
      y: range("activationBits", 2, 16),
      rest: {parameters: 1e8, tokens: 1e10, cacheBits: 8},
      budget: {kind: "compute", amount: (6 / 16) * 1e18 * 7},
    },
  ],
  [
    "memory over exponent and mantissa bits",
    "floating-point",
    {
      x: range("exponentBits", 0, 8),
      y: range("mantissaBits", 0, 8),
      rest: {parameters: 1e8, tokens: 1e11, blockSize: 128},
      budget: {kind: "memory", amount: 1e8},
    },
  ],
  [
    "compute over tokens and mantissa bits",
    "floating-point",
    {
      x: range("tokens", 1e9, 1e13),
      y: range("mantissaBits", 1, 10),
      rest: {parameters: 1e9, exponentBits: 4, blockSize: 128},
      budget: {kind: "compute", amount: 1e21},
    },
  ],
];

describe.each(surfaces)("the line of a budget of %s", (_, lawName, question) => {
  const law = lawOf(lawName);
  const {x, y, rest, budget} = question;
  const inOrder = constantsOf(law, law.published[0].values);
  const pointAt = (at: {x: number; y: number}) => ({...rest, [x.variable]: at.x, [y.variable]: at.y});

  it("costs the budget everywhere and stays inside the rectangle, touching its edges", () => {
    const line = budgetLine(law, question, 33);
    expect(line.length).toBe(33);
    for (const at of line) {
      expect(costOf(budget.kind, law, pointAt(at)) / budget.amount).toBeCloseTo(1, 8);
      expect(at.x >= x.from && at.x <= x.to && at.y >= y.from && at.y <= y.to).toBe(true);
    }
    const isOnEdge = (at: {x: number; y: number}) =>
      [at.x / x.from, at.x / x.to, at.y / y.from, at.y / y.to].some((ratio) => Math.abs(ratio - 1) < 1e-9) ||
      [at.x - x.from, at.y - y.from].some((distance) => Math.abs(distance) < 1e-9);
    expect(isOnEdge(line[0]) && isOnEdge(line[32])).toBe(true);
  });

  it("has its optimum where brute force finds it", () => {
    const found = optimumAlongBudget(law, inOrder, question)!;
    const losses = budgetLine(law, question, 20_001).map((at) =>
      law.evaluate(inOrder, inputsOf(law, pointAt(at))),
    );
    const best = Math.min(...losses.filter((loss) => !Number.isNaN(loss)));
    expect(found.loss).toBeLessThanOrEqual(best + 1e-12);
    expect(found.loss).toBeGreaterThan(best - 1e-6);
    expect(law.evaluate(inOrder, inputsOf(law, pointAt(found)))).toBe(found.loss);
  });
});

it("the optimum of compute over parameters and tokens is that of the closed form", () => {
  const [, , question] = surfaces[1];
  const share =
    precisionFactor(8, values.gamma_w, values.n_w) *
    precisionFactor(8, values.gamma_a, values.n_a) *
    precisionFactor(8, values.gamma_kv, values.n_kv);
  const closed = chinchillaOptimal(values, {compute: 1e20, bits: 8, share});
  const found = optimumAlongBudget(precision, constants, question)!;
  expect(found.x / closed.parameters).toBeCloseTo(1, 5);
  expect(found.y / closed.tokens).toBeCloseTo(1, 5);
});

it("the optimum over exponent and mantissa bits is the best layout", () => {
  const found = optimumAlongBudget(floats, constantsOf(floats, floatValues), surfaces[3][2])!;
  const layout = layoutFor(8, floatValues);
  expect(found.x).toBeCloseTo(layout.exponentBits, 3);
  expect(found.y).toBeCloseTo(layout.mantissaBits, 3);
  expect(bitsForTokens(floatValues, {tokens: 1e11, blockSize: 128})).toBeLessThan(8);
});

it("the optimum moves with the budget without jumps beyond those of the budget", () => {
  fc.assert(
    fc.property(fc.double({min: 17, max: 24, noNaN: true}), (logCompute) => {
      const [, , question] = surfaces[1];
      const wide = {x: {...question.x, from: 1, to: 1e15}, y: {...question.y, from: 1, to: 1e18}};
      const at = (amount: number) =>
        optimumAlongBudget(precision, constants, {...question, ...wide, budget: {kind: "compute", amount}})!;
      const [before, after] = [10 ** logCompute, 1.1 * 10 ** logCompute].map(at);
      // α = β: both grow as the square root of compute.
      expect(after.x / before.x).toBeCloseTo(Math.sqrt(1.1), 4);
      expect(after.loss).toBeLessThan(before.loss);
    }),
    {numRuns: 30},
  );
});

it("a budget that the rectangle does not reach, or that neither axis changes, has no line", () => {
  expect(budgetLine(precision, {...question, budget: {kind: "memory", amount: 1}})).toEqual([]);
  expect(
    optimumAlongBudget(precision, constants, {...question, budget: {kind: "memory", amount: 1e15}}),
  ).toBe(undefined);
  const others = {
    x: range("cacheBits", 2, 16),
    y: range("activationBits", 2, 16),
    rest: {parameters: 1e8, tokens: 1e10},
  };
  expect(budgetLine(precision, {...others, budget: {kind: "memory", amount: 2e8}})).toEqual([]);
});

it("a budget that one axis alone changes is a line along the other", () => {
  const line = budgetLine(precision, {
    ...question,
    y: range("activationBits", 2, 16),
    rest: {parameters: 1e8, tokens: 1e10},
    budget: {kind: "memory", amount: 1e8},
  });
  expect(new Set(line.map(({x}) => x))).toEqual(new Set([8]));
  expect([line[0].y, line[100].y]).toEqual([2, 16]);
});
