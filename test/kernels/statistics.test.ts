import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {countMagnitudes, exponentHistogram, statistics} from "../../src/kernels/reference/statistics.js";
import {floats, relativeError, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** Any bit patterns: all magnitudes, subnormals, infinities, NaNs and zeros of either sign. */
const anyFloats = fc
  .array(fc.oneof(fc.integer(), fc.constantFrom(0, -(2 ** 31), 0x7f800000, 0x7fc00001, 1, 0x7fffff)), {
    maxLength: 70,
  })
  .map((patterns) => new Float32Array(Int32Array.from(patterns).buffer));

function statisticsByKernel(x: Float32Array) {
  const mark = kernels.mark();
  const [address, out] = [kernels.allocate(x.byteLength), kernels.allocate(48)];
  kernels.float32(address, x.length).set(x);
  kernels.statistics(address, x.length, out);
  const [sum, sumOfSquares, largestMagnitude, zeros, nans, infinities] = new Float64Array(
    kernels.memory.buffer,
    out,
    6,
  );
  kernels.release(mark);
  return {sum, sumOfSquares, largestMagnitude, zeros, nans, infinities};
}

describe("statistics(x, count, out)", () => {
  test("counts zeros, NaNs and infinities and finds the largest magnitude", () => {
    fc.assert(
      fc.property(anyFloats, (x) => {
        const {sum: _, sumOfSquares: __, ...actual} = statisticsByKernel(x);
        const {sum: ___, sumOfSquares: ____, ...expected} = statistics(x);
        expect(actual).toEqual(expected);
      }),
    );
  });

  test("sums in double precision", () => {
    for (const count of [0, 1, 2, 3, 1000, 12_345]) {
      const x = floats(count, 1).map((value) => value + 0.25);
      const [actual, expected] = [statisticsByKernel(x), statistics(x)];
      const sums = ({sum, sumOfSquares}: typeof actual) => [sum, sumOfSquares];
      expect(relativeError(sums(actual), sums(expected), Math.max(1, count))).toBeLessThan(1e-14);
    }
  });
});

describe("largestMagnitude(x, count)", () => {
  test("is the largest |x|, NaN if there is a NaN", () => {
    fc.assert(
      fc.property(anyFloats, (x) => {
        const expected = x.some(Number.isNaN) ? Number.NaN : Math.max(0, ...x.map(Math.abs));
        const actual = runOnArrays(kernels, [x], (address) => kernels.largestMagnitude(address, x.length));
        expect(actual).toBe(expected);
      }),
    );
  });
});

describe("exponentHistogram(x, count, out, minimumExponent, bins)", () => {
  test("counts as the reference, subnormal numbers included", () => {
    const range = fc.record({
      minimum: fc.integer({min: -150, max: 130}),
      bins: fc.integer({min: 1, max: 300}),
    });
    fc.assert(
      fc.property(anyFloats, range, (x, {minimum, bins}) => {
        const out = new Uint32Array(bins).fill(9);
        runOnArrays(kernels, [x, out], (address, out) =>
          kernels.exponentHistogram(address, x.length, out, minimum, bins),
        );
        expect([...out]).toEqual(exponentHistogram(x, minimum, bins));
      }),
    );
  });
});

describe("countMagnitudes(x, count, low, high, out)", () => {
  test("counts as the reference, thresholds included", () => {
    const threshold = fc.constantFrom(2 ** -149, 1e-40, 2 ** -126, 1e-5, 1, 3e38);
    fc.assert(
      fc.property(anyFloats, threshold, threshold, (x, low, high) => {
        const withThresholds = Float32Array.of(...x, low, -low, high, -high);
        const out = new Uint32Array(2);
        runOnArrays(kernels, [withThresholds, out], (address, out) =>
          kernels.countMagnitudes(address, withThresholds.length, low, high, out),
        );
        const [below, above] = out;
        expect({below, above}).toEqual(countMagnitudes(withThresholds, {low, high}));
      }),
    );
  });
});
