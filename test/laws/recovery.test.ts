import {describe, expect, it} from "vitest";
import {fit as fitTo} from "../../src/laws/fit.js";
import {lawOf} from "../../src/laws/index.js";
import {constantsOf} from "../../src/laws/law.js";
import {uniforms} from "../../src/laws/random.js";
import {quantileOf, sortedValues} from "../../src/laws/statistics.js";
import {designs, syntheticTable} from "./synthetic.js";

type Design = keyof typeof designs;
const names = Object.keys(designs) as Design[];

/** The published constants, each times a random factor of at most a seventh. */
function hiddenConstants(name: Design, seed: number): Record<string, number> {
  const law = lawOf(name);
  const uniform = uniforms(seed, "noise");
  const values = Object.entries(law.published[0].values).map(([constant, value], i) => [
    constant,
    value * (1 + 0.3 * (uniform(9, i) - 0.5)),
  ]);
  const hidden = Object.fromEntries(values);
  for (const [first, ...others] of law.tied ?? []) for (const other of others) hidden[other] = hidden[first];
  return hidden;
}

describe.each(names)("a fit of the law %s to synthetic runs", (name) => {
  const law = lawOf(name);

  it("finds the constants behind runs without noise, to five digits", () => {
    const hidden = hiddenConstants(name, 1);
    const table = syntheticTable(law, hidden, designs[name], {spread: 0, seed: 1});
    const {constants, rootMeanSquare} = fitTo(law, table, {starts: 12});
    for (const constant of constants) {
      expect(constant.value / hidden[constant.name]).toBeCloseTo(1, 5);
      expect(constant.identified, constant.name).toBe(true);
    }
    expect(rootMeanSquare).toBeLessThan(1e-9);
  });

  it("finds them behind noise and outliers: within four standard errors, and predictions to less than the noise", () => {
    const hidden = hiddenConstants(name, 2);
    const noise = {spread: 0.005, outliers: 0.08, outlierSize: 0.4, seed: 2};
    const table = syntheticTable(law, hidden, designs[name], noise);
    const truth = syntheticTable(law, hidden, designs[name], {spread: 0, seed: 2});
    const {constants, predictions} = fitTo(law, table, {starts: 12});
    for (const {name: constant, value, standardError} of constants)
      expect(Math.abs(value - hidden[constant]), constant).toBeLessThan(4 * standardError!);
    const errors = predictions.map((loss, i) => Math.abs(Math.log(loss / truth.columns.loss[i])));
    expect(quantileOf(sortedValues(errors), 0.9)).toBeLessThan(noise.spread);
  });
});

const coverageCases: {name: Design; tables: number; replicates: number}[] = [
  {name: "chinchilla", tables: 50, replicates: 50},
  {name: "precision", tables: 14, replicates: 30},
  {name: "floating-point", tables: 14, replicates: 30},
];

describe.each(coverageCases)("intervals of $name", ({name, tables, replicates}) => {
  const law = lawOf(name);
  const values = law.published[0].values;
  const truth = constantsOf(law, values);

  it("cover the hidden constants about as often as they claim, from curvature and from the bootstrap", () => {
    const covered = {curvature: 0, bootstrap: 0};
    let count = 0;
    for (let seed = 0; seed < tables; seed++) {
      const noise = {spread: 0.005, outliers: 0.05, seed: 100 + seed};
      const table = syntheticTable(law, values, designs[name], noise);
      const starts = 3;
      const fits = {
        curvature: fitTo(law, table, {starts, confidence: 0.95}),
        bootstrap: fitTo(law, table, {starts, confidence: 0.9, bootstrap: {replicates, seed}}),
      };
      for (const [kind, {constants}] of Object.entries(fits)) {
        constants.forEach(({interval}, i) => {
          const isIn = interval![0] <= truth[i] && truth[i] <= interval![1];
          covered[kind as keyof typeof covered] += Number(isIn);
        });
      }
      count += truth.length;
    }
    // Constants of one table stray together, so that the tables are what is counted: three standard deviations.
    for (const [kind, claimed] of [
      ["curvature", 0.95],
      ["bootstrap", 0.9],
    ] as const) {
      const deviation = 3 * Math.sqrt((claimed * (1 - claimed)) / tables);
      expect(covered[kind] / count, kind).toBeGreaterThan(claimed - deviation);
      expect(covered[kind] / count, kind).toBeLessThan(Math.min(0.9999, claimed + deviation));
    }
  });
});
