import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {gelu} from "../../src/kernels/reference/gelu.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

function geluByKernel(x: Float32Array, scale = 1): {y: Float32Array; derivative: Float32Array} {
  const y = new Float32Array(x.length);
  const derivative = new Float32Array(x.length);
  runOnArrays(kernels, [x, y, derivative], (...addresses) => {
    const [from, to, toDerivative] = addresses;
    kernels.geluForward(from, to, toDerivative, x.length, scale);
  });
  return {y, derivative};
}

/** Every 4096th float: 64 to each binade of either sign. */
const everyBinade = new Float32Array(Uint32Array.from({length: 2 ** 20}, (_, i) => i << 12).buffer).filter(
  Number.isFinite,
);
/** Where e^(−x²/2) is near the end of the normal range of float32, errors count relative to this instead. */
const smallest = 1e-30;

describe("geluForward(…)", () => {
  test("is x·Φ(x) to 4.5e-7 of itself over the whole range of float32", () => {
    const {y} = geluByKernel(everyBinade);
    const errors = everyBinade.map((x, i) => {
      const {value} = gelu(x);
      return Math.abs(y[i] - value) / Math.max(Math.abs(value), smallest);
    });
    expect(errors.reduce((worst, error) => Math.max(worst, error))).toBeLessThan(4.5e-7);
  });

  test("gives the derivative Φ(x) + x·φ(x) to 4.5e-7 of itself, around its zero to 1.5e-7", () => {
    const {derivative} = geluByKernel(everyBinade);
    const errors = everyBinade.map((x, i) => {
      const expected = gelu(x).derivative;
      const tolerance = x > -1.1 && x < -0.5 ? 1.5e-7 : 4.5e-7 * Math.max(Math.abs(expected), smallest);
      return Math.abs(derivative[i] - expected) / tolerance;
    });
    expect(errors.reduce((worst, error) => Math.max(worst, error))).toBeLessThan(1);
  });

  test("treats infinities, NaN and zeros as the limits say", () => {
    const {y, derivative} = geluByKernel(
      Float32Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, 0, -0, -3e38, 3e38),
    );
    expect([...y]).toEqual([0, Number.POSITIVE_INFINITY, Number.NaN, 0, -0, 0, Math.fround(3e38)]);
    expect([...derivative]).toEqual([0, 1, Number.NaN, 0.5, 0.5, 0, 1]);
  });

  test("multiplies both outputs by the scale", () => {
    const x = floats(50, 1);
    const plain = geluByKernel(x);
    const scaled = geluByKernel(x, 1.7);
    const times = (values: Float32Array) => values.map((value) => Math.fround(1.7) * value);
    expect(scaled.y).toEqual(times(plain.y));
    expect(scaled.derivative).toEqual(times(plain.derivative));
  });

  test("gives each element the same bits in any position, any count, and in place", () => {
    const x = floats(530, 2).map((value) => 3 * value);
    const {y, derivative} = geluByKernel(x);
    const few = Array.from({length: 22}, (_, i) => i + 1);
    for (const count of [...few, 255, 256, 257, 258, 515, 530]) {
      const part = geluByKernel(x.slice(0, count));
      expect(bits(part.y)).toEqual(bits(y.subarray(0, count)));
      const inPlace = x.slice(0, count);
      const values = new Float32Array(count);
      runOnArrays(kernels, [inPlace, values], (x, y) => kernels.geluForward(x, y, x, count, 1));
      expect(bits(inPlace)).toEqual(bits(derivative.subarray(0, count)));
      expect(bits(values)).toEqual(bits(part.y));
    }
  });
});
