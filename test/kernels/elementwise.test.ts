import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {multiply, scale, scaledAdd} from "../../src/kernels/reference/elementwise.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const counts = fc.integer({min: 0, max: 40});
const factors = fc.float({noNaN: true});

/** NaN where there is one. */
const largestOf = (x: Float32Array): number => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe("multiply(a, b, out, count)", () => {
  test("equals the plain loop, also in place", () => {
    fc.assert(
      fc.property(counts, (count) => {
        const [a, b, out] = [floats(count, 1), floats(count, 2), new Float32Array(count)];
        const expected = new Float32Array(count);
        multiply(a, b, expected);
        const largest = runOnArrays(kernels, [a, b, out], (a, b, out) => kernels.multiply(a, b, out, count));
        expect(largest).toBe(largestOf(expected));
        expect(bits(out)).toEqual(bits(expected));
        runOnArrays(kernels, [a, b], (a, b) => kernels.multiply(a, b, a, count));
        expect(bits(a)).toEqual(bits(expected));
      }),
    );
  });
});

describe("scaledAdd(a, alpha, b, beta, out, count)", () => {
  test("equals the plain loop, also in place", () => {
    fc.assert(
      fc.property(counts, factors, factors, (count, alpha, beta) => {
        const [a, b, out] = [floats(count, 1), floats(count, 2), new Float32Array(count)];
        const expected = new Float32Array(count);
        scaledAdd(a, alpha, b, beta, expected);
        const largest = runOnArrays(kernels, [a, b, out], (a, b, out) =>
          kernels.scaledAdd(a, alpha, b, beta, out, count),
        );
        expect(largest).toBe(largestOf(expected));
        expect(bits(out)).toEqual(bits(expected));
        runOnArrays(kernels, [a, b], (a, b) => kernels.scaledAdd(a, alpha, b, beta, b, count));
        expect(bits(b)).toEqual(bits(expected));
      }),
    );
  });
});

describe("scale(x, alpha, out, count)", () => {
  test("equals the plain loop, also in place", () => {
    fc.assert(
      fc.property(counts, factors, (count, alpha) => {
        const x = floats(count, 3);
        const expected = new Float32Array(count);
        scale(x, alpha, expected);
        runOnArrays(kernels, [x], (x) => kernels.scale(x, alpha, x, count));
        expect(bits(x)).toEqual(bits(expected));
      }),
    );
  });
});

describe("fill(out, value, count)", () => {
  test("writes the value to every element", () => {
    for (let count = 0; count < 30; count++) {
      const out = new Float32Array(count);
      runOnArrays(kernels, [out], (out) => kernels.fill(out, -2.5, count));
      expect(out.every((value) => value === -2.5)).toBe(true);
    }
  });
});
