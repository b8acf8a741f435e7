import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {type Activated, relu, silu} from "../../src/kernels/reference/activations.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const activations = {reluForward: relu, siluForward: silu} as const;
type ActivationName = keyof typeof activations;

function byKernel(name: ActivationName, x: Float32Array, scale = 1) {
  const [y, derivative] = [new Float32Array(x.length), new Float32Array(x.length)];
  runOnArrays(kernels, [x, y, derivative], (from, to, toDerivative) =>
    kernels[name](from, to, toDerivative, x.length, scale),
  );
  return {y, derivative};
}

/** Every 4096th float: 64 to each binade of either sign. */
const everyBinade = new Float32Array(Uint32Array.from({length: 2 ** 20}, (_, i) => i << 12).buffer).filter(
  Number.isFinite,
);
/** Where e^x is near the end of the normal range of float32, errors count relative to this instead. */
const smallest = 1e-30;

describe.each(Object.entries(activations) as [ActivationName, (x: number) => Activated][])(
  "%s(…)",
  (name, reference) => {
    test("gives the value and the derivative to 8e-7 over the whole range of float32", () => {
      const {y, derivative} = byKernel(name, everyBinade);
      let [worst, worstDerivative] = [0, 0];
      everyBinade.forEach((x, i) => {
        const expected = reference(x);
        worst = Math.max(
          worst,
          Math.abs(y[i] - expected.value) / Math.max(Math.abs(expected.value), smallest),
        );
        const isNearItsZero = x > -3 && x < -0.5;
        const size = isNearItsZero ? 1 : Math.max(Math.abs(expected.derivative), smallest);
        worstDerivative = Math.max(worstDerivative, Math.abs(derivative[i] - expected.derivative) / size);
      });
      expect(worst).toBeLessThan(8e-7);
      expect(worstDerivative).toBeLessThan(8e-7);
    });

    test("treats infinities, NaN and zeros as the limits say", () => {
      const special = Float32Array.of(
        Number.NEGATIVE_INFINITY,
        Number.POSITIVE_INFINITY,
        Number.NaN,
        0,
        3e38,
        -3e38,
      );
      const {y, derivative} = byKernel(name, special);
      special.forEach((x, i) => {
        const {value, derivative: slope} = reference(x);
        expect(
          y[i] === Math.fround(value) || (Number.isNaN(value) && Number.isNaN(y[i])),
          `${name}(${x})`,
        ).toBe(true);
        if (!Number.isNaN(x)) expect(derivative[i] + 0, `${name}'(${x})`).toBe(slope + 0);
      });
    });

    test("multiplies both outputs by the scale", () => {
      const x = floats(50, 1);
      const [plain, scaled] = [byKernel(name, x), byKernel(name, x, 1.5)];
      expect(scaled.y).toEqual(plain.y.map((value) => 1.5 * value));
      expect(scaled.derivative).toEqual(plain.derivative.map((value) => 1.5 * value));
    });

    test("gives each element the same bits in any position, any count, and in place", () => {
      const x = floats(23, 2).map((value) => 3 * value);
      const {y, derivative} = byKernel(name, x);
      for (let count = 1; count < x.length; count++) {
        const [inPlace, values] = [x.slice(0, count), new Float32Array(count)];
        runOnArrays(kernels, [inPlace, values], (x, y) => kernels[name](x, y, x, count, 1));
        expect(bits(inPlace)).toEqual(bits(derivative.subarray(0, count)));
        expect(bits(values)).toEqual(bits(y.subarray(0, count)));
      }
    });
  },
);
