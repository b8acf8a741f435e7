import {describe, expect, it} from "vitest";
import {fitProblem, fit as fitTo, objectiveAt} from "../../src/laws/fit.js";
import {lawOf} from "../../src/laws/index.js";
import {largestLosses} from "../../src/laws/largest-losses.js";
import {constantsOf} from "../../src/laws/law.js";
import {replicationTable} from "./replication.js";

const chinchilla = lawOf("chinchilla");
const table = replicationTable();
const droppedRows = largestLosses(table, 5);

/** Besiroglu et al. (2024), table 1; unrounded as in the authors' notebook. */
const published = {A: 482.00572, B: 2085.4342, E: 1.81686, alpha: 0.34781, beta: 0.36585};
const publishedErrors = {A: 124.5, B: 1293.3, E: 0.0257, alpha: 0.0154, beta: 0.0206};
const publishedIntervals = {
  A: [285, 744],
  B: [1042, 5810],
  E: [1.769, 1.871],
  alpha: [0.317, 0.373],
  beta: [0.331, 0.415],
} as const;

describe("a fit of Chinchilla's law to the replication's 240 runs", () => {
  const result = fitTo(chinchilla, table, {droppedRows});
  const estimateOf = (name: string) => result.constants.find((constant) => constant.name === name)!;

  it("finds constants well within the published standard errors", () => {
    expect(result.rows).toBe(240);
    for (const [name, error] of Object.entries(publishedErrors)) {
      const {value, identified} = estimateOf(name);
      expect(Math.abs(value - published[name as keyof typeof published])).toBeLessThan(error / 4);
      expect(identified).toBe(true);
    }
  });

  it("has an objective below that of the published constants", () => {
    const problem = fitProblem(chinchilla, table, {droppedRows});
    expect(result.objective).toBeLessThan(objectiveAt(problem, constantsOf(chinchilla, published)));
  });

  it("reaches the same optimum from most of its starts", () => {
    expect(result.starts.best).toBeGreaterThan(0.9 * result.starts.count);
  });

  it("gives intervals by bootstrap like the published ones", () => {
    const {constants} = fitTo(chinchilla, table, {droppedRows, bootstrap: {replicates: 150}});
    for (const {name, interval} of constants) {
      const [from, to] = publishedIntervals[name as keyof typeof publishedIntervals];
      const width = Math.log(to / from);
      expect(Math.abs(Math.log(interval![0] / from))).toBeLessThan(0.25 * width);
      expect(Math.abs(Math.log(interval![1] / to))).toBeLessThan(0.25 * width);
    }
  });
});
