import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {minimise, rootOf} from "../../src/laws/solve.js";

const real = (min: number, max: number) => fc.double({min, max, noNaN: true});

describe("minimise(f, from, to)", () => {
  it("finds the bottom of a valley", () => {
    fc.assert(
      fc.property(real(-5, 5), real(0.1, 10), (bottom, width) => {
        const f = (x: number) => Math.cosh((x - bottom) / width);
        const {at, value} = minimise(f, -6, 7);
        expect(Math.abs(at - bottom)).toBeLessThan(1e-6 * width + 1e-7);
        expect(value).toBe(f(at));
      }),
    );
  });

  it("finds the deeper of two valleys and an end", () => {
    expect(minimise((x) => (x * x - 1) ** 2 + x / 10, -2, 2).at).toBeCloseTo(-1.0123, 3);
    expect(minimise((x) => x, 3, 9)).toEqual({at: 3, value: 3});
    expect(minimise((x) => -x, 3, 9)).toEqual({at: 9, value: -9});
  });

  it("passes over values that are not numbers, and says so where there are no others", () => {
    expect(minimise((x) => (x < 3.3 ? Number.NaN : x), 0, 10).at).toBeCloseTo(3.3, 6);
    expect(minimise(() => Number.NaN, 0, 1)).toEqual({at: Number.NaN, value: Number.NaN});
  });
});

describe("rootOf(f, from, to)", () => {
  it("finds where a function changes its sign, to the last digits", () => {
    fc.assert(
      fc.property(real(-9, 9), (root) => {
        const found = rootOf((x) => x ** 3 + x - root ** 3 - root, -10, 10);
        expect(Math.abs(found - root)).toBeLessThan(1e-12);
      }),
    );
    expect(rootOf((x) => x - 2, 2, 5)).toBe(2);
    expect(rootOf((x) => x - 5, 2, 5)).toBe(5);
  });

  it("is NaN where the sign is the same at both ends", () => {
    expect(rootOf((x) => x * x + 1, -1, 1)).toBeNaN();
    expect(rootOf(() => Number.NaN, -1, 1)).toBeNaN();
  });
});
