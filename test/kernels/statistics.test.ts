import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {
  compareTensors,
  countCodes,
  countMagnitudes,
  countSmallUpdates,
  exponentHistogram,
  statistics,
  sumOfMagnitudes,
} from "../../src/kernels/reference/statistics.js";
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

function compareByKernel(x: Float32Array, y: Float32Array) {
  const out = new Float32Array(10);
  runOnArrays(kernels, [x, y, out], (a, b, out) => kernels.compareTensors(a, b, x.length, out));
  const [squaredErrors, squares, vanished, overflowed, zeros] = new Float64Array(out.buffer);
  return {squaredErrors, squares, vanished, overflowed, zeros};
}

describe("compareTensors(x, y, count, out)", () => {
  test("counts zeros, what has become zero and what has become infinite or NaN", () => {
    fc.assert(
      fc.property(anyFloats, anyFloats, (x, y) => {
        const length = Math.min(x.length, y.length);
        const [a, b] = [x.slice(0, length), y.slice(0, length)];
        const counts = ({squaredErrors: _, squares: __, ...rest}: ReturnType<typeof compareTensors>) => rest;
        expect(counts(compareByKernel(a, b))).toEqual(counts(compareTensors(a, b)));
      }),
    );
  });

  test("sums squares in double precision, over what is finite", () => {
    for (const count of [0, 1, 2, 3, 5, 1000, 12_345]) {
      const x = floats(count, 1);
      const y = x.map((value, i) => (i % 97 === 3 ? Number.POSITIVE_INFINITY : Math.fround(value * 1.0001)));
      const sums = ({squaredErrors, squares}: ReturnType<typeof compareTensors>) => [
        squaredErrors * 1e8,
        squares,
      ];
      expect(
        relativeError(sums(compareByKernel(x, y)), sums(compareTensors(x, y)), Math.max(1, count)),
      ).toBeLessThan(1e-13);
    }
  });
});

describe("countCodes(x, count, signedZeros, map)", () => {
  test("counts different finite values of up to 11 significant bits", () => {
    const narrow = anyFloats.map((x) => {
      const bits = new Uint32Array(x.buffer);
      return new Float32Array(bits.map((word) => word & 0xffffe000).buffer);
    });
    fc.assert(
      fc.property(narrow, fc.boolean(), (x, signedZeros) => {
        const repeated = Float32Array.of(...x, ...x);
        const map = new Uint32Array(2 ** 14).fill(7);
        const actual = runOnArrays(kernels, [repeated, map], (address, map) =>
          kernels.countCodes(address, repeated.length, signedZeros ? 1 : 0, map),
        );
        expect(actual).toBe(countCodes(x, signedZeros));
      }),
    );
  });

  test("tells all 65,536 bit patterns of half precision apart", () => {
    const halves = Float32Array.from({length: 2 ** 15}, (_, i) => {
      const [exponent, fraction] = [i >> 10, i & 1023];
      return exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    });
    const both = Float32Array.of(...halves, ...halves.map((value) => -value));
    const actual = runOnArrays(kernels, [both, new Uint32Array(2 ** 14)], (address, map) =>
      kernels.countCodes(address, both.length, 1, map),
    );
    expect(actual).toBe(2 ** 16);
  });
});

describe("countSmallUpdates(before, after, scaled, scale, count, mantissaBits, minimumExponent)", () => {
  const count = (
    before: Float32Array,
    after: Float32Array,
    {
      scaled,
      scale = 1,
      mantissaBits = 3,
      minimumExponent = -6,
    }: {
      scaled?: Float32Array;
      scale?: number;
      mantissaBits?: number;
      minimumExponent?: number;
    } = {},
  ) =>
    runOnArrays(kernels, [before, after, scaled ?? before], (before_, after_, scaled_) =>
      kernels.countSmallUpdates(
        ...([before_, after_, scaled ? scaled_ : 0, scale, before.length] as const),
        ...([mantissaBits, minimumExponent] as const),
      ),
    );

  test("compares with half the spacing at the weight before", () => {
    // E4M3 has a spacing of 1/8 from 1 on, of 1/16 below, and of 2^-9 near zero.
    const before = Float32Array.of(1, 1, 1.9, 2, 0.99, 0, 0, 2 ** -10);
    const after = Float32Array.of(1.06, 1.0625, 1.84, 2.1, 0.95, 2 ** -11, 2 ** -10, 2 ** -10);
    const small = [1, 0, 1, 1, 0, 1, 0, 1];
    small.forEach((expected, i) => {
      expect(count(before.subarray(i, i + 1).slice(), after.subarray(i, i + 1).slice())).toBe(expected);
    });
    expect(count(before, after)).toBe(5);
  });

  test("finds in float32 the updates that leave a weight as it is", () => {
    const before = floats(1001, 4);
    const after = before.map((w, i) => w + (i % 3) * 2e-8 * (i % 7));
    const same = before.filter((w, i) => w === after[i]).length;
    expect(count(before, after, {mantissaBits: 23, minimumExponent: -126})).toBe(same);
    expect(same).toBeGreaterThan(300);
    expect(same).toBeLessThan(1000);
  });

  test("counts as the reference, with one scale or a scale for each weight", () => {
    const arbitrary = fc.record({
      size: fc.integer({min: 1, max: 60}),
      power: fc.integer({min: -12, max: 3}),
      scalePower: fc.integer({min: -9, max: 9}),
      mantissaBits: fc.integer({min: 0, max: 12}),
      minimumExponent: fc.integer({min: -20, max: 4}),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(arbitrary, ({size, power, scalePower, mantissaBits, minimumExponent, seed}) => {
        const before = floats(size, seed);
        const changes = floats(size, seed + 1);
        const after = before.map((w, i) => w + changes[i] * 2 ** power);
        const spacing = {mantissaBits, minimumExponent};
        const one = new Float32Array(size).fill(2 ** scalePower);
        const each = Float32Array.from({length: size}, (_, i) => 2 ** ((i % 9) - 4));
        expect(count(before, after, {scale: 2 ** scalePower, ...spacing})).toBe(
          countSmallUpdates(before, after, one, spacing),
        );
        const scaled = before.map((w, i) => w * each[i]);
        expect(count(before, after, {scaled, ...spacing})).toBe(
          countSmallUpdates(before, after, each, spacing),
        );
      }),
    );
  });
});

test("sumOfMagnitudes(x, count) equals the plain loop, for any count", () => {
  fc.assert(
    fc.property(fc.integer({min: 0, max: 40}), (count) => {
      const x = floats(count, 5);
      const sum = runOnArrays(kernels, [x], (address) => kernels.sumOfMagnitudes(address, count));
      expect(sum).toBe(sumOfMagnitudes(x));
    }),
  );
});
