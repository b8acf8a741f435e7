import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {rmsNormBackward, rmsNormForward} from "../../src/kernels/reference/rms-norm.js";
import {bits, floats, relativeError, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const epsilon = 1e-5;
const shapes = fc.record({rows: fc.integer({min: 1, max: 70}), width: fc.integer({min: 1, max: 75})});

describe("rmsNormForward(…)", () => {
  test("agrees with double precision for any shape, and keeps the bits of a row in place", () => {
    fc.assert(
      fc.property(shapes, ({rows, width}) => {
        const x = floats(rows * width, 1).map((value, i) => (1 + (i % 5)) * value + 1);
        const gain = floats(width, 2);
        const [y, normalized] = [new Float32Array(x.length), new Float32Array(x.length)];
        const inverseSpread = new Float32Array(rows);
        runOnArrays(kernels, [x, gain, y, normalized, inverseSpread], (x, gain, y, normalized, inverse) =>
          kernels.rmsNormForward(x, gain, y, normalized, inverse, rows, width, epsilon),
        );
        const expected = rmsNormForward(x, gain, {rows, width}, epsilon);
        expect(relativeError(y, expected.y)).toBeLessThan(2e-6);
        expect(relativeError(normalized, expected.normalized)).toBeLessThan(2e-6);
        expect(relativeError(inverseSpread, expected.inverseSpread)).toBeLessThan(2e-6);
        const last = x.slice((rows - 1) * width);
        const kept = [new Float32Array(width), new Float32Array(1)];
        runOnArrays(kernels, [last, gain, ...kept], (x, gain, normalized, inverse) =>
          kernels.rmsNormForward(x, gain, x, normalized, inverse, 1, width, epsilon),
        );
        expect(bits(last)).toEqual(bits(y.subarray((rows - 1) * width)));
      }),
    );
  });
});

describe("rmsNormBackward(…)", () => {
  test("agrees with double precision for any shape, in place too, and scales the gain's gradient alone", () => {
    fc.assert(
      fc.property(shapes, ({rows, width}) => {
        const normalized = floats(rows * width, 4).map((value) => 1.7 * value);
        const inverseSpread = floats(rows, 5).map((value) => 1.5 + value);
        const [gain, yGradient] = [floats(width, 6), floats(rows * width, 7)];
        const xGradient = yGradient.slice();
        const gainGradient = new Float32Array(width).fill(Number.NaN);
        runOnArrays(
          kernels,
          [normalized, inverseSpread, gain, xGradient, gainGradient],
          (normalized, inverse, gain, gradient, gains) =>
            kernels.rmsNormBackward(
              ...([normalized, inverse, gain, gradient, gradient, gains, rows, width, 0.5] as const),
            ),
        );
        const expected = rmsNormBackward(normalized, inverseSpread, gain, yGradient, {rows, width});
        expect(relativeError(xGradient, expected.xGradient, 1)).toBeLessThan(3e-6);
        expect(
          relativeError(
            gainGradient,
            expected.gainGradient.map((value) => value / 2),
            1,
          ),
        ).toBeLessThan(8e-6);
      }),
    );
  });
});
