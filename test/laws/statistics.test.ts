import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {normalQuantile, quantileOf, sortedValues, studentQuantile} from "../../src/laws/statistics.js";

describe("quantiles", () => {
  it("of the normal distribution are those of tables", () => {
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 8);
    expect(normalQuantile(0.95)).toBeCloseTo(1.644853627, 8);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306, 8);
    expect(normalQuantile(0.02)).toBeCloseTo(-normalQuantile(0.98), 12);
  });

  it("of Student's t are those of tables", () => {
    expect(studentQuantile(0.975, 5)).toBeCloseTo(2.571, 2);
    expect(studentQuantile(0.975, 10)).toBeCloseTo(2.228, 3);
    expect(studentQuantile(0.95, 30)).toBeCloseTo(1.697, 3);
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(normalQuantile(0.975), 5);
  });

  it("of values lie between the smallest and the largest, and the middle one is the median", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({noNaN: true, min: -1e6, max: 1e6}), {minLength: 1, maxLength: 30}),
        fc.double({min: 0, max: 1, noNaN: true}),
        (values, share) => {
          const sorted = sortedValues(values);
          const value = quantileOf(sorted, share);
          expect(value).toBeGreaterThanOrEqual(sorted[0] - 1e-9);
          expect(value).toBeLessThanOrEqual(sorted.at(-1)! + 1e-9);
          // Equal as numbers: a zero may lose its sign.
          expect(quantileOf(sorted, 1) - sorted.at(-1)!).toBe(0);
        },
      ),
      {examples: [[[-0], 0]]},
    );
    expect(quantileOf([1, 2, 10], 0.5)).toBe(2);
    expect(quantileOf([1, 2], 0.25)).toBe(1.25);
  });
});
