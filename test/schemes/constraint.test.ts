import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {constrain, constraints} from "../../src/schemes/constraint.js";

const variance = fc.double({min: 1e-3, max: 1e6, noNaN: true});

describe("constrain(constraint, variances)", () => {
  it("makes both factors equal, between the two ideal ones, unless there is no constraint", () => {
    fc.assert(
      fc.property(variance, variance, (output, inputGradient) => {
        const ideal = [output ** -0.5, inputGradient ** -0.5].sort((a, b) => a - b);
        for (const constraint of constraints.filter((name) => name !== "none")) {
          const factors = constrain(constraint, {output, inputGradient});
          expect(factors.inputGradient).toBe(factors.output);
          expect(factors.output).toBeGreaterThan(ideal[0] * (1 - 1e-12));
          expect(factors.output).toBeLessThan(ideal[1] * (1 + 1e-12));
        }
      }),
    );
  });

  it("gives every op its ideal factors without a constraint", () => {
    expect(constrain("none", {output: 4, inputGradient: 16})).toEqual({output: 1 / 2, inputGradient: 1 / 4});
  });

  it.each([
    ["geometric-mean", Math.sqrt(1 / 8)],
    ["harmonic-mean", 1 / 3],
    ["arithmetic-mean", 3 / 8],
    ["to-output", 1 / 2],
    ["to-input-gradient", 1 / 4],
  ] as const)("takes of 1/2 and 1/4 what is its name: %s", (constraint, expected) => {
    expect(constrain(constraint, {output: 4, inputGradient: 16}).output).toBeCloseTo(expected, 15);
  });
});
