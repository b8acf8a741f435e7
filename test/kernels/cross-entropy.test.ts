import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {crossEntropy} from "../../src/kernels/reference/cross-entropy.js";
import {bits, floats, relativeError, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

function byKernel(logits: Float32Array, targets: Int32Array, {gradientScale = 1} = {}) {
  const gradient = new Float32Array(logits.length);
  const [rows, classes] = [targets.length, logits.length / targets.length];
  const loss = runOnArrays(kernels, [logits, targets, gradient], (logits, targets, gradient) =>
    kernels.crossEntropy(logits, targets, gradient, rows, classes, gradientScale),
  );
  return {loss, gradient};
}

const inputOf = (rows: number, classes: number) => ({
  logits: floats(rows * classes, 1).map((value) => 8 * value),
  targets: Int32Array.from({length: rows}, (_, row) => (row * 7) % classes),
});

describe("crossEntropy(…)", () => {
  test("agrees with double precision for any shape", () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 70}), fc.integer({min: 1, max: 70}), (rows, classes) => {
        const {logits, targets} = inputOf(rows, classes);
        const expected = crossEntropy(logits, targets, classes);
        const {loss, gradient} = byKernel(logits, targets);
        expect(Math.abs(loss - expected.loss)).toBeLessThan(3e-7 * Math.max(rows, expected.loss));
        expect(relativeError(gradient, expected.gradient, 1)).toBeLessThan(5e-7);
      }),
    );
  });

  test("returns the same loss without a gradient, and leaves the logits alone", () => {
    const {logits, targets} = inputOf(33, 21);
    const before = logits.slice();
    const {loss} = byKernel(logits, targets);
    const lossOnly = runOnArrays(kernels, [logits, targets], (logits, targets) =>
      kernels.crossEntropy(logits, targets, 0, 33, 21, 1),
    );
    expect(lossOnly).toBe(loss);
    expect(bits(logits)).toEqual(bits(before));
  });

  test("may write the gradient over the logits, scaled", () => {
    const {logits, targets} = inputOf(10, 13);
    const {gradient} = byKernel(logits, targets, {gradientScale: 0.25});
    const expected = crossEntropy(logits, targets, 13).gradient.map((value) => value / 4);
    expect(relativeError(gradient, expected, 0.25)).toBeLessThan(5e-7);
    runOnArrays(kernels, [logits, targets], (logits, targets) =>
      kernels.crossEntropy(logits, targets, logits, 10, 13, 0.25),
    );
    expect(bits(logits)).toEqual(bits(gradient));
  });

  test("bears logits of any size, and says infinity where a target is impossible", () => {
    const logits = Float32Array.of(1e4, -1e4, 0, 3e38, -3e38, 0);
    expect(byKernel(logits, Int32Array.of(0, 0)).loss).toBe(0);
    expect(byKernel(logits, Int32Array.of(1, 0)).loss).toBe(2e4);
    const impossible = Float32Array.of(0, Number.NEGATIVE_INFINITY);
    expect(byKernel(impossible, Int32Array.of(1)).loss).toBe(Number.POSITIVE_INFINITY);
    expect(byKernel(Float32Array.of(0, Number.NaN), Int32Array.of(0)).loss).toBeNaN();
  });

  test("does not lose count over many rows of many classes", () => {
    const [rows, classes] = [200, 3000];
    const targets = new Int32Array(rows);
    expect(byKernel(new Float32Array(rows * classes), targets).loss / rows).toBeCloseTo(Math.log(classes), 6);
  });

  test("agrees with finite differences of the loss", () => {
    const {logits, targets} = inputOf(4, 9);
    const {gradient} = byKernel(logits, targets);
    const step = 2 ** -12;
    const numeric = Float64Array.from(logits, (value, i) => {
      logits[i] = value + step;
      const up = crossEntropy(logits, targets, 9).loss;
      logits[i] = value - step;
      const down = crossEntropy(logits, targets, 9).loss;
      logits[i] = value;
      return (up - down) / (2 * step);
    });
    expect(relativeError(gradient, numeric, 1)).toBeLessThan(1e-6);
  });
});
