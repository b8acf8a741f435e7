import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  exponential,
  logarithmicInterpolation,
  naturalLogarithm,
} from "../../src/schemes/logarithmic-interpolation.js";

const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1);

describe("naturalLogarithm(x)", () => {
  it("is the logarithm to the last digits", () => {
    expect(naturalLogarithm(1)).toBe(0);
    const positive = fc.double({min: 1e-300, max: 1e300, noNaN: true});
    fc.assert(
      fc.property(positive, (x) => {
        expect(Math.abs(naturalLogarithm(x) - Math.log(x))).toBeLessThan(
          4e-16 * Math.max(1, Math.abs(Math.log(x))),
        );
      }),
    );
  });
});

describe("exponential(x)", () => {
  it("is the exponential function to the last digits", () => {
    expect(exponential(0)).toBe(1);
    fc.assert(
      fc.property(fc.double({min: -700, max: 700, noNaN: true}), (x) => {
        expect(relative(exponential(x), Math.exp(x))).toBeLessThan(1e-15 * (1 + Math.abs(x)));
      }),
    );
  });
});

describe("logarithmicInterpolation(share, lowest, highest)", () => {
  it("goes from the lowest to the highest in equal ratios", () => {
    expect(logarithmicInterpolation(0, 1 / 1000, 1 / 10)).toBeCloseTo(1 / 1000, 15);
    expect(logarithmicInterpolation(0.5, 1 / 1000, 1 / 10)).toBeCloseTo(1 / 100, 15);
    expect(logarithmicInterpolation(1, 1 / 1000, 1 / 10)).toBeCloseTo(1 / 10, 15);
  });
});
