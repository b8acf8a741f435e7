import {describe, expect, it} from "vitest";
import {compareLaws} from "../../src/laws/compare-laws.js";
import {fit as fitTo} from "../../src/laws/fit.js";
import {lawOf} from "../../src/laws/index.js";
import {designs, grid, syntheticTable} from "./synthetic.js";

const chinchilla = lawOf("chinchilla");
const {values} = chinchilla.published[0];
const table = syntheticTable(chinchilla, values, designs.chinchilla, {spread: 0.003, seed: 1});
const estimated = (result: ReturnType<typeof fitTo>, name: string) =>
  result.constants.find((constant) => constant.name === name)!.value;

describe("a fit", () => {
  it("holds tied constants equal and counts them once", () => {
    const result = fitTo(chinchilla, table, {tied: [["alpha", "beta"]]});
    expect(estimated(result, "alpha")).toBe(estimated(result, "beta"));
    expect(result.freeConstants).toBe(4);
    expect(result.objective).toBeGreaterThan(fitTo(chinchilla, table).objective);
  });

  it("ties what the law's source ties, unless told otherwise", () => {
    const precision = lawOf("precision");
    const points = grid({
      parameters: [3e7, 1e8, 3e8],
      tokens: [2e9, 6e9, 2e10, 6e10],
      weightBits: [3, 4, 6, 8],
    });
    const runs = syntheticTable(precision, precision.published[0].values, points, {spread: 0.003, seed: 1});
    const fixed = {gamma_a: 2, n_a: 1, gamma_kv: 1, n_kv: 1};
    expect(fitTo(precision, runs, {fixed, starts: 5}).freeConstants).toBe(6);
    expect(fitTo(precision, runs, {fixed, starts: 5, tied: []}).freeConstants).toBe(7);
  });

  it("keeps fixed constants and bounds", () => {
    const result = fitTo(chinchilla, table, {fixed: {E: 1.7}, bounds: {alpha: [0.3, 0.32]}});
    expect(estimated(result, "E")).toBe(1.7);
    expect(estimated(result, "alpha")).toBeGreaterThanOrEqual(0.3);
    expect(estimated(result, "alpha")).toBeLessThanOrEqual(0.32 * (1 + 1e-12));
  });

  it("counts a run of weight 2 like two runs, and one of weight 0 like none", () => {
    const weight = Float64Array.from({length: 36}, (_, i) => (i === 5 ? 0 : i === 7 ? 2 : 1));
    const weighted = fitTo(chinchilla, {...table, columns: {...table.columns, weight}}, {weights: "weight"});
    const order = [...Array(36).keys(), 7].filter((i) => i !== 5);
    const columns = Object.fromEntries(
      Object.entries(table.columns).map(([name, column]) => [
        name,
        Float64Array.from(order, (i) => column[i]),
      ]),
    );
    const repeated = fitTo(chinchilla, {rows: order.length, columns});
    expect(weighted.objective).toBeCloseTo(repeated.objective, 12);
    for (const {name, value} of repeated.constants)
      expect(estimated(weighted, name) / value).toBeCloseTo(1, 5);
  });

  it("with a large delta is least squares of ln(loss): residuals stand at right angles to their slopes", () => {
    const {logResiduals, predictions, objective} = fitTo(chinchilla, table, {huberDelta: 10});
    expect(objective).toBeCloseTo(
      logResiduals.reduce((sum, r) => sum + r ** 2 / 2, 0),
      14,
    );
    const slope = logResiduals.reduce((sum, r, i) => sum + r / predictions[i], 0); // by E
    expect(Math.abs(slope)).toBeLessThan(1e-6);
  });

  it("gives each replicate, and the same ones for the same seed", () => {
    const of = (seed: number) =>
      fitTo(chinchilla, table, {bootstrap: {replicates: 5, seed, by: "group"}}).bootstrap!;
    expect(of(3)).toEqual(of(3));
    expect(of(3).constants).toHaveLength(5);
    expect(of(4).constants).not.toEqual(of(3).constants);
  });

  it("by groups has wider intervals where runs of a group share their noise", () => {
    const groups = syntheticTable(chinchilla, values, designs.chinchilla, {spread: 0.01, seed: 3});
    const columns = Object.fromEntries(
      Object.entries(groups.columns).map(([name, column]) => [
        name,
        Float64Array.from({length: 180}, (_, i) => column[i % 36]),
      ]),
    );
    const shared = {rows: 180, columns};
    const errorOf = (by: "run" | "group") =>
      fitTo(chinchilla, shared, {bootstrap: {replicates: 40, by}}).constants[3].standardError!;
    expect(fitTo(chinchilla, shared).groups).toBe(36);
    expect(errorOf("group")).toBeGreaterThan(1.5 * errorOf("run"));
  });

  it("holds out each run once, whole groups at a time, and predicts it without having seen it", () => {
    const {heldOut, rootMeanSquare, places} = fitTo(chinchilla, table, {heldOut: {folds: 6}});
    expect(heldOut!.logErrors).toHaveLength(places.length);
    expect(heldOut!.logErrors.every(Number.isFinite)).toBe(true);
    expect(heldOut!.rootMeanSquare).toBeGreaterThan(rootMeanSquare);
    expect(heldOut!.rootMeanSquare).toBeLessThan(2 * rootMeanSquare);
    expect(heldOut!.rSquared).toBeGreaterThan(0.99);
  });

  it("leaves out the runs of the largest compute, and tells how it misses them", () => {
    const {leaveLargestOut} = fitTo(chinchilla, table, {leaveLargestOut: {share: 0.2}});
    const {parameters, tokens} = table.columns;
    const compute = [...parameters.keys()].map((i) => 6 * parameters[i] * tokens[i]);
    const {places} = leaveLargestOut!;
    expect(places.length).toBeGreaterThanOrEqual(0.2 * 36);
    const rest = compute.filter((_, i) => !places.includes(i));
    expect(Math.min(...places.map((i) => compute[i]))).toBeGreaterThan(Math.max(...rest));
    expect(leaveLargestOut!.compute).toEqual([Math.min(...places.map((i) => compute[i])), Math.max(...rest)]);
    expect(leaveLargestOut!.rootMeanSquare).toBeLessThan(0.02);
  });
});

describe("a fit's sensitivity", () => {
  it("names the run that moves the constants most: one far off at a corner of the design", () => {
    const corner = 0;
    const off = {
      ...table,
      columns: {...table.columns, loss: table.columns.loss.with(corner, table.columns.loss[corner] * 1.05)},
    };
    const {sensitivity, constants} = fitTo(chinchilla, off, {huberDelta: 10, sensitivity: true});
    const {groups, deltas} = sensitivity!;
    expect(groups).toHaveLength(36);
    const sizes = groups.map(({largest}) => largest!.standardErrors);
    expect(sizes.indexOf(Math.max(...sizes))).toBe(corner);
    expect(groups[corner].places).toEqual([corner]);
    const without = fitTo(chinchilla, off, {huberDelta: 10, droppedRows: [corner]}).constants;
    without.forEach(({value}, i) => {
      expect(groups[corner].constants[i] / value).toBeCloseTo(1, 5);
    });
    expect(deltas.map(({huberDelta}) => huberDelta)).toEqual([1, 100, Infinity]);
    // All residuals are smaller than these deltas, so that nothing hangs on them.
    for (const {constants: others} of deltas)
      constants.forEach(({value}, i) => {
        expect(others[i] / value).toBeCloseTo(1, 4);
      });
  });
});

describe("a fit to thousands of runs", () => {
  it("is searched for on a sample and ends on all of them", () => {
    const points = Array.from({length: 7000}, (_, i) => ({
      parameters: 1e7 * 10 ** (3 * ((i * 0.618034) % 1)),
      tokens: 1e9 * 10 ** (3 * (i / 7000)),
    }));
    const runs = syntheticTable(chinchilla, values, points, {spread: 0.01, seed: 9});
    const result = fitTo(chinchilla, runs, {starts: 4});
    expect([result.rows, result.logResiduals.length]).toEqual([7000, 7000]);
    const {parameters, tokens, loss} = runs.columns;
    const half = 3500;
    const alone = {parameters: parameters.slice(half), tokens: tokens.slice(half), loss: loss.slice(half)};
    expect(result.objective).toBeGreaterThan(
      fitTo(chinchilla, {rows: half, columns: alone}, {starts: 4}).objective,
    );
    for (const {name, value, standardError} of result.constants)
      expect(Math.abs(value - values[name])).toBeLessThan(4 * standardError!);
  });
});

describe("laws compared by held-out error", () => {
  const precision = lawOf("precision");
  const points = grid({
    parameters: [3e7, 6e7, 1.2e8, 2.4e8],
    tokens: [1.5e9, 6e9, 2.6e10],
    weightBits: [3, 4, 5, 6, 8, 12],
  });
  const runs = syntheticTable(precision, precision.published[0].values, points, {spread: 0.003, seed: 4});

  it("puts the one behind the runs first, and says that another is worse beyond the noise", () => {
    const [first, second] = compareLaws([chinchilla, precision], runs, {starts: 12, heldOut: {folds: 4}});
    expect([first.law, second.law]).toEqual(["precision", "chinchilla"]);
    expect(first.heldOutError).toBeLessThan(0.005);
    expect(second.excess!.mean).toBeGreaterThan(4 * second.excess!.standardError);
    expect([first.isAmongBest, second.isAmongBest]).toEqual([true, false]);
  });

  it("does not call a form worse that predicts as well with more constants", () => {
    const [first, second] = compareLaws([precision, chinchilla], table, {starts: 12, tied: []});
    expect([first, second].every(({isAmongBest}) => isAmongBest)).toBe(true);
  });

  it("uses the same runs for all: those that every law can use", () => {
    const bad = {...runs, columns: {...runs.columns, weightBits: runs.columns.weightBits.with(2, -1)}};
    const compared = compareLaws([chinchilla, precision], bad, {starts: 4, dropInvalid: true});
    for (const {fit} of compared) expect(fit.places).not.toContain(2);
    expect(() => compareLaws([chinchilla, precision], bad)).toThrow("row 3: weightBits is -1");
  });
});
