import {describe, expect, it} from "vitest";
import {briefFit} from "../../loaders/brief-fit.js";
import type {LawRow} from "../../loaders/law-rows.js";
import {lawData, ourFits, rowKey, tableOf} from "../../loaders/our-laws.js";
import {growingCost} from "../../src/laws/growing-cost.js";
import {lossAt} from "../../src/laws/law.js";
import {variableNames} from "../../src/laws/variables.js";
import {lawRow} from "./law-row.js";

const truth = {
  ...{A: 30, B: 200, E: 0.8, alpha: 0.5, beta: 0.45, gamma_D: 0.9, gamma_N: 0.2},
  ...{C_w: 2e-5, gamma_w: 1.1, C_a: 1e-4, gamma_a: 1.4, C_kv: 1e-5, gamma_kv: 0.9},
};

/** Runs that follow the form with the cost that grows, to the digit. */
function exactRows(corpus: string): LawRow[] {
  const casts: Partial<LawRow>[] = [
    ...[2, 3, 4, 5].map((weightBits) => ({weightBits, operands: "P2", exponentBits: 0})),
    ...[4, 5, 6].map((activationBits) => ({activationBits, operands: "P1", exponentBits: 0})),
    ...[3, 4].map((cacheBits) => ({cacheBits, operands: "KV"})),
  ];
  return [4e3, 15e3, 60e3].flatMap((parameters) =>
    [1e5, 4e5, 16e5].flatMap((tokens) => {
      const reference = lossAt(growingCost, truth, {parameters, tokens});
      const plain = lawRow({corpus, parameters, tokens, loss: reference, referenceLoss: reference});
      return [
        plain,
        ...casts.map((cast) =>
          lawRow({
            ...{corpus, parameters, tokens, referenceLoss: reference},
            ...{loss: lossAt(growingCost, truth, {parameters, tokens, ...cast}), ...cast},
          }),
        ),
      ];
    }),
  );
}

describe("ourFits(rows)", () => {
  const integers = lawData.find(({name}) => name === "integers")!;
  const growing = {
    ...integers,
    losses: [{law: growingCost, options: {starts: 6}}],
    rises: [{...integers.rises[0], options: {starts: 4}}],
  };

  it("recovers a law from its own points, of the loss and of what rounding adds, for each text apart", () => {
    const fits = ourFits([...exactRows("one"), ...exactRows("two")], [growing]);
    expect(fits.map(({corpus, of}) => `${corpus} ${of}`)).toEqual([
      "one loss",
      "one rise",
      "two loss",
      "two rise",
    ]);
    for (const {of, result, domain} of fits) {
      expect(result.rootMeanSquare).toBeLessThan(1e-5);
      const found = Object.fromEntries(result.constants.map(({name, value}) => [name, value]));
      for (const name of Object.keys(found) as (keyof typeof truth)[]) {
        expect(Math.abs(found[name] / truth[name] - 1), `${name} of the ${of}`).toBeLessThan(0.02);
      }
      expect(domain).toEqual({
        ...{parameters: [4e3, 60e3], tokens: [1e5, 16e5]},
        ...{weightBits: [2, 5], activationBits: [4, 6], cacheBits: [3, 4]},
      });
    }
  });

  it("counts a run of several sweeps once, and runs with a rate that is not the best not at all", () => {
    const rows = exactRows("one");
    const [once] = ourFits(rows, [{...growing, losses: []}]);
    const again = rows.map((same) => ({...same, sweep: "another"}));
    const untuned = rows.map((same) => ({...same, run: `${same.run} again`, isTuned: false, loss: 9}));
    const [twice] = ourFits([...rows, ...again, ...untuned], [{...growing, losses: []}]);
    expect(twice.result).toEqual(once.result);
    expect(new Set(once.rows).size).toBe(once.rows.length);
  });

  it("gives fits that briefFit(fit) writes without what they say of each run", () => {
    const [fit] = ourFits(exactRows("one"), [{...growing, rises: []}]);
    const brief = briefFit(fit);
    expect(brief).toMatchObject({data: "integers", corpus: "one", law: "growing-cost", of: "loss"});
    expect(brief.domain).toEqual(fit.domain);
    expect(brief.result.constants).toEqual(fit.result.constants);
    expect(brief.result.heldOut).toEqual({rootMeanSquare: fit.result.heldOut!.rootMeanSquare});
    expect(JSON.stringify(brief)).not.toContain(fit.rows[0]);
    expect(JSON.stringify(brief).length).toBeLessThan(JSON.stringify(fit).length / 2);
  });

  it("leaves out what has too few points", () => {
    expect(ourFits(exactRows("one").slice(0, 8), lawData)).toEqual([]);
  });
});

describe("lawData", () => {
  const kinds: Record<string, Partial<LawRow>> = {
    plain: {},
    "weights in 4 bits": {operands: "P2", weightBits: 4, exponentBits: 0},
    "weights as E1M1": {operands: "P2", weightBits: 3, exponentBits: 1},
    "activations in 3 bits": {operands: "P1", activationBits: 3, exponentBits: 0},
    "activations in 4 bits": {operands: "P1", activationBits: 4, exponentBits: 0},
    "gradients in 4 bits": {operands: "P1 P3 P5", activationBits: 8, gradientBits: 4, exponentBits: 0},
    "keys and values in 4 bits": {operands: "KV", cacheBits: 4},
    "E2M1 on P2, P4 and P6": {operands: "P2 P4 P6", weightBits: 4, exponentBits: 2, mantissaBits: 1},
    "rounded to 4 bits": {method: "nearest", postTrainingBits: 4},
    "rounded to 2 bits": {method: "nearest", postTrainingBits: 2},
    "trained in 4 bits and rounded to 4": {
      ...{method: "nearest", postTrainingBits: 4, operands: "P2", weightBits: 4, exponentBits: 0},
    },
    "GPTQ to 4 bits": {method: "gptq", postTrainingBits: 4},
  };

  it("takes for each law the runs that it speaks of", () => {
    const taken = Object.fromEntries(
      lawData.map(({name, has}) => [name, Object.keys(kinds).filter((kind) => has(lawRow(kinds[kind])))]),
    );
    expect(taken).toEqual({
      plain: [],
      weights: ["weights in 4 bits"],
      integers: ["weights in 4 bits", "activations in 4 bits", "keys and values in 4 bits"],
      "floating-point": ["E2M1 on P2, P4 and P6"],
      "post-training-nearest": ["rounded to 4 bits"],
      "post-training-gptq": ["GPTQ to 4 bits"],
    });
  });
});

describe("tableOf(rows, of)", () => {
  it("has every variable, and the loss or one more than its rise", () => {
    const rows = [
      lawRow({loss: 2.25, referenceLoss: 2, weightBits: 4}),
      lawRow({loss: 1.875, referenceLoss: 2}),
    ];
    const table = tableOf(rows, "rise");
    expect(Object.keys(table.columns).sort()).toEqual([...variableNames].sort());
    expect([...table.columns.loss]).toEqual([1.25, 0.875]);
    expect([...tableOf(rows, "loss").columns.loss]).toEqual([2.25, 1.875]);
    expect([...table.columns.weightBits]).toEqual([4, Number.POSITIVE_INFINITY]);
    expect(table.labels).toEqual(rows.map(rowKey));
  });
});
