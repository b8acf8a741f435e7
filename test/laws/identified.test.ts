import {describe, expect, it} from "vitest";
import {fit as fitTo} from "../../src/laws/fit.js";
import type {FitOptions} from "../../src/laws/fit-problem.js";
import {lawOf} from "../../src/laws/index.js";
import type {Point} from "../../src/laws/variables.js";
import {grid, syntheticTable} from "./synthetic.js";

const parameters = [3e7, 1e8, 3e8, 1e9];
const tokens = [1e9, 3e9, 1e10, 3e10];

function fitted(name: string, points: readonly Point[], options: FitOptions = {}) {
  const law = lawOf(name);
  const table = syntheticTable(law, law.published[0].values, points, {spread: 0.003, seed: 5});
  const result = fitTo(law, table, {starts: 30, ...options});
  return {
    ...result,
    unidentified: result.constants.filter(({identified}) => !identified).map((constant) => constant.name),
  };
}

describe("constants that the runs do not identify", () => {
  it("are A, α and E where all runs have one size", () => {
    const {unidentified, warnings, constants, derived} = fitted("chinchilla", [
      ...grid({parameters: [1e8], tokens: [...tokens, 2e9, 7e9, 1e11, 3e11]}),
    ]);
    expect(unidentified).toEqual(["A", "E", "alpha"]);
    expect(warnings).toContain(
      "A, E and alpha are not identified: the runs are fitted as well by other values together.",
    );
    expect(warnings).toContain("All runs have the same parameters: what depends on it cannot be told.");
    for (const {name, standardError, interval} of constants)
      expect([standardError === null, interval === null]).toEqual(Array(2).fill(unidentified.includes(name)));
    expect(derived.find(({name}) => name === "parametersExponent")).toMatchObject({
      identified: false,
      standardError: null,
      interval: null,
    });
  });

  it("are B, β and E where all runs have one or two amounts of text", () => {
    expect(
      fitted("chinchilla", grid({parameters: [...parameters, 5e7, 2e8], tokens: [1e9]})).unidentified,
    ).toEqual(["B", "E", "beta"]);
    expect(fitted("chinchilla", grid({parameters, tokens: [1e9, 1e10]})).unidentified).toEqual([
      "B",
      "E",
      "beta",
    ]);
  });

  it("are A, B, α and β where tokens are twenty times the parameters throughout", () => {
    const line = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89].map((k) => ({parameters: k * 1e7, tokens: k * 2e8}));
    const {unidentified, warnings} = fitted("chinchilla", line);
    expect(unidentified).toEqual(["A", "B", "alpha", "beta"]);
    expect(warnings.join("\n")).toMatch(
      /(alpha|beta) is not identified: starts reach the same objective with values from/,
    );
  });

  it("are those of bits that never vary, and A with them where they always round", () => {
    const weightsAlone = fitted("precision", grid({parameters, tokens, weightBits: [3, 4, 5, 6, Infinity]}));
    expect(weightsAlone.unidentified).toEqual(["gamma_a", "n_a", "gamma_kv", "n_kv"]);
    expect(weightsAlone.warnings).toContain(
      "gamma_a, n_a, gamma_kv and n_kv are not identified: no prediction depends on them.",
    );
    const oneWidth = fitted("precision", grid({parameters, tokens, weightBits: [4]}));
    expect(oneWidth.unidentified).toEqual(["A", "gamma_w", "n_w", "gamma_a", "n_a", "gamma_kv", "n_kv"]);
    const twoWidths = fitted("precision", grid({parameters, tokens, weightBits: [4, Infinity]}));
    expect(twoWidths.unidentified).toEqual(["gamma_w", "n_w", "gamma_a", "n_a", "gamma_kv", "n_kv"]);
  });

  it("become identified when what they are confounded with is fixed", () => {
    const fixed = {n_w: 0.3037, gamma_a: 2, n_a: 1, gamma_kv: 1, n_kv: 1};
    const points = grid({parameters, tokens, weightBits: [4, Infinity]});
    const {unidentified, constants} = fitted("precision", points, {fixed});
    expect(unidentified).toEqual([]);
    const gamma = constants.find(({name}) => name === "gamma_w")!;
    expect(Math.abs(gamma.value - 2.6745)).toBeLessThan(3 * gamma.standardError!);
    expect(gamma.standardError).toBeLessThan(0.2);
    expect(constants.filter(({fixed}) => fixed).map(({name}) => name)).toEqual(Object.keys(fixed));
  });

  it("are all where there are no more runs than constants", () => {
    const {unidentified, warnings} = fitted("chinchilla", grid({parameters: [1e8, 1e9, 2e9], tokens: [1e9]}));
    expect(unidentified).toEqual(["A", "B", "E", "alpha", "beta"]);
    expect(warnings[0]).toBe("3 runs cannot tell the 5 free constants of chinchilla: it takes 6 at least.");
  });

  it("are those whose best value or interval is a bound of the search", () => {
    const points = grid({parameters, tokens});
    const atBound = fitted("chinchilla", points, {bounds: {alpha: [0.4, 2]}});
    expect(atBound.constants.find(({name}) => name === "alpha")).toMatchObject({
      atBound: true,
      identified: false,
      value: 0.4,
    });
    expect(atBound.warnings).toContain(
      "alpha is not identified: the best value is a bound of the search (0.4 to 2).",
    );
    const nearBound = fitted("chinchilla", points, {
      bounds: {alpha: [0.34, 2]},
      bootstrap: {replicates: 40},
    });
    expect(nearBound.unidentified).toContain("alpha");
    expect(nearBound.warnings).toContain(
      "alpha is not identified: its interval reaches a bound of the search (0.34 to 2).",
    );
  });
});
