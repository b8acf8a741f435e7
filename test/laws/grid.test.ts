import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {evaluateGrid} from "../../src/laws/grid.js";
import {allLaws, lawOf} from "../../src/laws/index.js";
import {constantsOf, inputsOf} from "../../src/laws/law.js";
import type {Point, VariableName} from "../../src/laws/variables.js";
import {constantsNear, pointOf, sampleOf} from "./points.js";

const pointsOf = ({variable, values}: {variable: VariableName; values: readonly number[]}): Point[] =>
  values.map((value) => ({[variable]: value}));

describe.each(allLaws.map((law) => [law.name, law] as const))("evaluateGrid(%s)", (_, law) => {
  it("is the law at every point, for any two of its variables", () => {
    const axes = fc
      .tuple(fc.constantFrom(...law.variables), fc.constantFrom(...law.variables, "gradientBits" as const))
      .filter(([x, y]) => x !== y)
      .chain(([x, y]) =>
        fc.record({
          x: fc.record({
            variable: fc.constant(x),
            values: fc.array(sampleOf(x), {minLength: 1, maxLength: 6}),
          }),
          y: fc.record({
            variable: fc.constant(y),
            values: fc.array(sampleOf(y), {minLength: 1, maxLength: 6}),
          }),
        }),
      );
    fc.assert(
      fc.property(constantsNear(law), axes, pointOf(law), (constants, {x, y}, rest) => {
        const losses = evaluateGrid(law, constants, {across: pointsOf(x), up: pointsOf(y), rest});
        expect(losses.length).toBe(x.values.length * y.values.length);
        y.values.forEach((ofY, row) => {
          x.values.forEach((ofX, column) => {
            const point = {...rest, [x.variable]: ofX, [y.variable]: ofY};
            const loss = law.evaluate(constants, inputsOf(law, point));
            expect(Math.abs(losses[row * x.values.length + column] - loss)).toBeLessThanOrEqual(1e-12 * loss);
          });
        });
      }),
      {numRuns: 40},
    );
  });
});

it("evaluateGrid(law, constants, grid) has no value where the form has none", () => {
  const law = lawOf("precision");
  const losses = evaluateGrid(law, constantsOf(law, law.published[0].values), {
    across: pointsOf({variable: "activationBits", values: [3, 4]}),
    up: pointsOf({variable: "weightBits", values: [0.5, 8]}),
    rest: {parameters: 1e8, tokens: 1e10},
  });
  expect(Array.from(losses, Number.isNaN)).toEqual([true, true, true, false]);
});

it("evaluateGrid(law, constants, grid) names what is missing", () => {
  const law = lawOf("precision");
  const grid = {across: [{weightBits: 8}], up: [{cacheBits: 8}], rest: {tokens: 1e9}};
  expect(() => evaluateGrid(law, constantsOf(law, law.published[0].values), grid)).toThrow(
    "precision needs parameters",
  );
});
