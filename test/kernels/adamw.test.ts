import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {type AdamwOptions, adamw} from "../../src/kernels/reference/adamw.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

function adamwByKernel(
  arrays: [Float32Array, Float32Array, Float32Array, Float32Array],
  {learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2}: AdamwOptions,
): void {
  const count = arrays[0].length;
  runOnArrays(kernels, arrays, (weights, gradients, moments1, moments2) =>
    kernels.adamw(
      ...([weights, gradients, moments1, moments2, count, learningRate, beta1, beta2] as const),
      ...([epsilon, weightDecay, correction1, correction2] as const),
    ),
  );
}

const defaults = {learningRate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1};

describe("adamw(…)", () => {
  test("equals the plain loop over several steps, for any count", () => {
    fc.assert(
      fc.property(
        fc.integer({min: 0, max: 21}),
        fc.double({min: 0, max: 0.999, noNaN: true}),
        (count, beta1) => {
          const weights = floats(count, 1);
          const [moments1, moments2] = [new Float32Array(count), new Float32Array(count)];
          const expected = [weights.slice(), moments1.slice(), moments2.slice()];
          for (let step = 1; step <= 3; step++) {
            const gradients = floats(count, step + 1);
            const corrections = {correction1: 1 - beta1 ** step, correction2: 1 - defaults.beta2 ** step};
            const options = {...defaults, beta1, ...corrections};
            adamwByKernel([weights, gradients, moments1, moments2], options);
            adamw(expected[0], gradients, expected[1], expected[2], options);
          }
          expect([weights, moments1, moments2].map(bits)).toEqual(expected.map(bits));
        },
      ),
    );
  });

  test("moves by the learning rate against the sign of the first gradient, after decaying", () => {
    const weights = Float32Array.of(1, 1, -2, 0);
    const gradients = Float32Array.of(3, -1e-3, 1e-2, 0);
    const options = {...defaults, correction1: 1 - 0.9, correction2: 1 - 0.999};
    adamwByKernel([weights, gradients, new Float32Array(4), new Float32Array(4)], options);
    [1 - 3e-4 - 3e-3, 1 - 3e-4 + 3e-3, -2 + 6e-4 - 3e-3, 0].forEach((expected, i) => {
      expect(weights[i]).toBeCloseTo(expected, 6);
    });
  });
});
