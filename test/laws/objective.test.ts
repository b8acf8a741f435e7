import {describe, expect, it} from "vitest";
import {coordinatesOf, fillConstants, pointAt} from "../../src/laws/coordinates.js";
import {fitData} from "../../src/laws/fit-data.js";
import {huber, huberSlope} from "../../src/laws/huber.js";
import {lawOf} from "../../src/laws/index.js";
import {constantsOf} from "../../src/laws/law.js";
import {objectiveOf} from "../../src/laws/objective.js";
import {designs, syntheticTable} from "./synthetic.js";

describe("the objective of a fit", () => {
  it.each(["chinchilla", "precision", "floating-point"] as const)(
    "has the exact derivatives by the coordinates of %s, tied ones together, by central differences",
    (name) => {
      const law = lawOf(name);
      const values = law.published[0].values;
      const data = fitData(law, syntheticTable(law, values, designs[name], {spread: 0.01, seed: 1}));
      const coordinates = coordinatesOf(law, {tied: [["alpha", "beta"]]});
      const {evaluate, size} = objectiveOf(law, data, coordinates, 1e-3);
      const point = pointAt(coordinates, constantsOf(law, values));
      const jacobian = new Float64Array(data.rows * size);
      evaluate(point, data.weights, new Float64Array(data.rows), jacobian);
      const residualsAt = (place: number, change: number) => {
        const residuals = new Float64Array(data.rows);
        evaluate(point.with(place, point[place] + change), data.weights, residuals);
        return residuals;
      };
      for (let j = 0; j < size; j++) {
        const step = 1e-5;
        const [above, below] = [residualsAt(j, step), residualsAt(j, -step)];
        for (let i = 0; i < data.rows; i++)
          expect(Math.abs((above[i] - below[i]) / (2 * step) - jacobian[i * size + j])).toBeLessThan(1e-7);
      }
    },
  );

  it("is Huber's: a parabola within delta that goes on as its tangent", () => {
    expect(huber(5e-4, 1e-3)).toBe(5e-4 ** 2 / 2);
    expect(huber(-3, 1e-3)).toBeCloseTo(1e-3 * (3 - 5e-4), 15);
    expect(huber(1e-3, 1e-3)).toBeCloseTo(huber(1e-3 * (1 + 1e-12), 1e-3), 12);
    for (const r of [-2, -1e-4, 0, 3e-4, 7])
      expect(huberSlope(r, 1e-3)).toBeCloseTo((huber(r + 1e-7, 1e-3) - huber(r - 1e-7, 1e-3)) / 2e-7, 8);
  });

  it("is Infinity where the form has no value in a run that counts, and only there", () => {
    const law = lawOf("precision");
    const values = law.published[0].values;
    const table = syntheticTable(law, values, designs.precision, {spread: 0, seed: 1});
    const data = fitData(law, table);
    const coordinates = coordinatesOf(law);
    const {evaluate} = objectiveOf(law, data, coordinates, 1e-3);
    const point = pointAt(coordinates, constantsOf(law, {...values, n_w: 2})); // 1 - exp(2 - 3/2.67) < 0
    const residuals = new Float64Array(data.rows);
    expect(evaluate(point, data.weights, residuals)).toBe(Number.POSITIVE_INFINITY);
    const wide = data.weights.map((_, i) => Number(table.columns.weightBits[i] > 6));
    expect(evaluate(point, wide, residuals)).toBeLessThan(1);
  });
});

describe("coordinates", () => {
  it("and constants are two sides of one point, with fixed ones aside and tied ones together", () => {
    const law = lawOf("chinchilla");
    const coordinates = coordinatesOf(law, {fixed: {E: 1.7}, tied: [["alpha", "beta"]]});
    expect(coordinates.free.map(({names}) => names)).toEqual([["A"], ["B"], ["alpha", "beta"]]);
    const constants = new Float64Array(5);
    fillConstants(coordinates, pointAt(coordinates, [400, 2000, 9, 0.3, 0.3]), constants);
    expect([...constants].map((value) => Number(value.toPrecision(12)))).toEqual([400, 2000, 1.7, 0.3, 0.3]);
  });
});
