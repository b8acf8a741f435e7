import {describe, expect, it} from "vitest";
import {type Rise, risesOf} from "../../loaders/cast-rises.js";
import {sweepFindings} from "../../loaders/sweep-findings.js";
import {publishedSweep} from "../../loaders/sweep-records.js";
import type {RunRecord} from "../../src/training/run-record.js";

const settings = {
  ...{recipe: "fp32", width: 8, seed: 1, forwardActivation: "recipe", forwardWeight: "recipe", key: "recipe"},
  ...{inputGradientGradient: "recipe", inputGradientWeight: "forward", value: "recipe", postTraining: ""},
  ...{weightGradientActivation: "forward", weightGradientGradient: "recipe"},
};
const record = (changes: object, finalHeldOutLoss: number | null): RunRecord =>
  ({
    parameters: 10,
    tokens: 20,
    finalHeldOutLoss,
    settings: {...settings, ...changes},
  }) as unknown as RunRecord;

describe("risesOf(records)", () => {
  it("compares a run with the one that is the same but for its casts", () => {
    const rises = risesOf([
      record({}, 2),
      record({seed: 2}, 4),
      record({forwardWeight: "int4 row"}, 2.5),
      record({seed: 2, recipe: "int3"}, 5),
    ]);
    expect(rises.map(({rise, share}: Rise) => [rise, share])).toEqual([
      [0.5, 0.25],
      [1, 0.25],
    ]);
  });

  it("leaves out what has nothing to be compared with, and what diverged", () => {
    expect(risesOf([record({}, 2), record({seed: 3, recipe: "int4"}, 3)])).toEqual([]);
    expect(risesOf([record({}, 2), record({recipe: "int4"}, null)])).toEqual([]);
    expect(risesOf([record({}, null), record({recipe: "int4"}, 3)])).toEqual([]);
  });
});

/** What the words of a finding say that its numbers do not: it has to be true of the published runs. */
describe("sweepFindings(name, records) of the published runs", () => {
  const of = async (name: string) => sweepFindings(name, await publishedSweep(name));
  const numbers = (text: string) =>
    [...text.matchAll(/[+−]\d+\.\d+/g)].map(([number]) => Number(number.replace("−", "-")));
  const ascends = (values: readonly number[]) =>
    values.every((value, i) => i === 0 || value >= values[i - 1]);

  it("precision: the cost grows with the text in nearly all cases", async () => {
    const [costs, text] = await of("precision");
    expect(numbers(costs)).toHaveLength(12);
    const [, grown, cases] = /in (\d+) of (\d+) cases/.exec(text)!;
    expect(Number(grown) / Number(cases)).toBeGreaterThan(0.8);
  });

  it("allocation: of equal sums the one with more bits for activations costs least, and costs add up", async () => {
    const [pairs, together, gradients] = await of("allocation");
    const costs = numbers(pairs);
    for (const model of [0, 1]) expect(ascends(costs.filter((_, i) => i % 2 === model))).toBe(true);
    for (const difference of numbers(together)) expect(Math.abs(difference)).toBeLessThan(0.035);
    expect(numbers(gradients)).toHaveLength(3);
  });

  it("exponent-mantissa: one mantissa bit costs much the same with any exponent, two nothing", async () => {
    const [costs, bits] = await of("exponent-mantissa");
    expect(numbers(costs)[0]).toBeGreaterThan(2 * numbers(costs)[2]);
    const [low, high, least, most] = numbers(bits);
    expect(low).toBeGreaterThan(most);
    expect(high - low).toBeLessThan(0.01);
    for (const cost of [least, most]) expect(Math.abs(cost)).toBeLessThan(0.01);
  });

  it("targets: P2, P4 and P6 together cost what P2 costs", async () => {
    const [alone, together] = await of("targets");
    expect(ascends(numbers(alone))).toBe(true);
    const second = Number(/P2 \+([\d.]+)/.exec(alone)![1]);
    expect(Math.abs(numbers(together)[0] - second)).toBeLessThan(1);
  });

  it("real-text: weights cost least, then keys and values, then activations, as on the generated language", async () => {
    for (const sweep of ["precision", "real-text"]) {
      const [costs] = await of(sweep);
      for (const bits of [3, 4]) {
        const order = ["weights", "keys and values", "activations"].map((kind) =>
          Number(new RegExp(`in ${bits} bits [^;]*${kind} \\+([\\d.]+)`).exec(costs)![1]),
        );
        expect(ascends(order)).toBe(true);
      }
    }
  });

  it("block-size: larger blocks cost more in E1M1, by the logarithm of their size, and little in E2M1", async () => {
    const [single, line, double] = await of("block-size");
    expect(ascends(numbers(single))).toBe(true);
    expect(Number(/and (\d+) %/.exec(line)![1])).toBeGreaterThan(95);
    for (const cost of numbers(double)) expect(Math.abs(cost)).toBeLessThan(0.03);
  });

  it("overtraining: the loss in three bits neither falls nor rises at the end", async () => {
    const [losses] = await of("overtraining");
    const rounded = /ends at ([\d., ]+), float32/.exec(losses)![1].split(", ").map(Number);
    expect(rounded.length).toBeGreaterThan(3);
    for (const loss of rounded.slice(-2)) expect(Math.abs(loss - rounded[1])).toBeLessThan(0.01);
    expect(rounded[0]).toBeGreaterThan(rounded[1] + 0.03);
  });

  it("post-training: the model that saw most text ends worse than the one before, and the turn comes later for larger ones", async () => {
    const [losses, worse] = await of("post-training");
    const models = [...losses.matchAll(/(\d+) parameters and ([\d, ]+) tokens for each: ([\d., ]+\d)/g)].map(
      ([, parameters, ratios, list]) => {
        const tokens = ratios.split(", ").map((ratio) => Number(ratio) * Number(parameters));
        const after = list.split(", ").map(Number);
        return {after, turn: tokens[after.indexOf(Math.min(...after))]};
      },
    );
    expect(models.length).toBeGreaterThan(3);
    for (const {after} of models) expect(after.at(-1)).toBeGreaterThan(after.at(-2)!);
    expect(worse).toContain(`Of ${models.length} models, ${models.length} are worse`);
    expect(models.at(-1)!.turn).toBeGreaterThan(2 * models[0].turn);
  });
});
