import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {fit as fitTo} from "../../src/laws/fit.js";
import {lawOf} from "../../src/laws/index.js";
import {largestLosses} from "../../src/laws/largest-losses.js";
import {replicationTable} from "./replication.js";

interface Optimum {
  readonly objective: number;
  readonly constants: Readonly<Record<string, number>>;
}

/** Made by tools/reference/make_fit_reference.py. */
const reference: {
  readonly chinchilla: Optimum & {readonly publishedObjective: number};
  readonly precision: Optimum & {
    readonly runs: readonly (readonly [number, number, number | null])[];
    readonly losses: readonly number[];
  };
} = JSON.parse(readFileSync(new URL("../fixtures/laws/fits.json", import.meta.url), "utf8"));

/** Constants to the fifth digit: along the flattest direction the objective hardly changes. */
function expectOptimum(result: ReturnType<typeof fitTo>, {objective, constants}: Optimum) {
  expect(result.objective).toBeLessThan(objective * (1 + 1e-9));
  expect(result.objective).toBeGreaterThan(objective * (1 - 1e-6));
  for (const [name, value] of Object.entries(constants))
    expect(result.constants.find((constant) => constant.name === name)!.value / value).toBeCloseTo(1, 5);
}

describe("fits beside those by SciPy", () => {
  it("have the same optimum for the replication's runs, from the whole grid and by variable projection", () => {
    const table = replicationTable();
    const droppedRows = largestLosses(table, 5);
    const result = fitTo(lawOf("chinchilla"), table, {droppedRows});
    expectOptimum(result, reference.chinchilla);
    expect(result.objective).toBeLessThan(reference.chinchilla.publishedObjective);
    const random = fitTo(lawOf("chinchilla"), table, {droppedRows, starts: 40, variableProjection: false});
    expectOptimum(random, reference.chinchilla);
  });

  it("have the same optimum for runs of the precision law with noise and outliers", () => {
    const {runs, losses} = reference.precision;
    const table = {
      rows: runs.length,
      columns: {
        parameters: Float64Array.from(runs, ([n]) => n),
        tokens: Float64Array.from(runs, ([, d]) => d),
        weightBits: Float64Array.from(runs, ([, , bits]) => bits ?? Number.POSITIVE_INFINITY),
        loss: Float64Array.from(losses),
      },
    };
    const fixed = {gamma_a: 1, n_a: 0, gamma_kv: 1, n_kv: 0};
    expectOptimum(fitTo(lawOf("precision"), table, {fixed, starts: 20}), reference.precision);
  });
});
