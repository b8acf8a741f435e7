import fc from "fast-check";
import {beforeAll, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import * as reference from "../../src/kernels/reference/optimizers.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const counts = fc.integer({min: 0, max: 21});
const share = fc.double({min: 0, max: 0.999, noNaN: true});

/** Arrays of `count` floats, different ones for each number. */
const arrays = (count: number, ...seeds: number[]) => seeds.map((seed) => floats(count, seed));

const expectSameBits = (actual: Float32Array[], expected: Float32Array[]) =>
  expect(actual.map(bits)).toEqual(expected.map(bits));

test("momentumStep(…) equals the plain loop, for any count", () => {
  fc.assert(
    fc.property(counts, share, share, (count, momentum, weightDecay) => {
      const options = {learningRate: 0.03, momentum, weightDecay};
      const [actual, expected] = [arrays(count, 1, 2, 3), arrays(count, 1, 2, 3)];
      runOnArrays(kernels, actual, (weights, gradients, moments) =>
        kernels.momentumStep(weights, gradients, moments, count, 0.03, momentum, weightDecay),
      );
      reference.momentumStep(expected[0], expected[1], expected[2], options);
      expectSameBits(actual, expected);
    }),
  );
});

test("lionStep(…) equals the plain loop, for any count, and zero has no sign", () => {
  fc.assert(
    fc.property(counts, share, share, share, (count, beta1, beta2, weightDecay) => {
      const options = {learningRate: 0.03, beta1, beta2, weightDecay};
      const [actual, expected] = [arrays(count, 1, 2, 3), arrays(count, 1, 2, 3)];
      for (const [, gradients, moments] of [actual, expected]) {
        gradients.fill(0, 2, 5);
        moments.fill(0, 2, 5);
      }
      runOnArrays(kernels, actual, (weights, gradients, moments) =>
        kernels.lionStep(weights, gradients, moments, count, 0.03, beta1, beta2, weightDecay),
      );
      reference.lionStep(expected[0], expected[1], expected[2], options);
      expectSameBits(actual, expected);
    }),
  );
});

test("lambDirection(…) equals the plain loop, for any count", () => {
  fc.assert(
    fc.property(counts, share, share, share, (count, beta1, beta2, weightDecay) => {
      const corrections = {correction1: 1 - beta1 ** 3, correction2: 1 - beta2 ** 3};
      const options = {beta1, beta2, epsilon: 1e-6, weightDecay, ...corrections};
      const [actual, expected] = [arrays(count, 1, 2, 3, 4, 5), arrays(count, 1, 2, 3, 4, 5)];
      for (const list of [actual, expected]) list[3] = list[3].map(Math.abs);
      runOnArrays(kernels, actual, (weights, gradients, moments1, moments2, direction) =>
        kernels.lambDirection(
          ...([weights, gradients, moments1, moments2, direction, count, beta1, beta2] as const),
          ...([1e-6, weightDecay, corrections.correction1, corrections.correction2] as const),
        ),
      );
      reference.lambDirection(expected[0], expected[1], expected[2], expected[3], expected[4], options);
      expectSameBits(actual, expected);
    }),
  );
});

test("sumOfSquares(x, count) equals the plain loop, for any count", () => {
  fc.assert(
    fc.property(counts, (count) => {
      const x = floats(count, 7);
      const sum = runOnArrays(kernels, [x], (address) => kernels.sumOfSquares(address, count));
      expect(sum).toBe(reference.sumOfSquares(x));
    }),
  );
});
