import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {
  type FourWords,
  randomBits,
  randomBlock,
  randomNormal,
  randomUniform,
} from "../../src/kernels/reference/random.js";
import {bits, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const ones = 0xffffffff;
/** Known answers of Random123 1.09 (kat_vectors, philox4x32 with 10 rounds). */
const knownAnswers: {counter: FourWords; key: readonly [number, number]; block: FourWords}[] = [
  {counter: [0, 0, 0, 0], key: [0, 0], block: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]},
  {
    counter: [ones, ones, ones, ones],
    key: [ones, ones],
    block: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    block: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

const place = {seed: 0xdeadbeef, stream: 7, step: 123456};

function fillByKernel(
  name: "randomNormal" | "randomUniform",
  count: number,
  [first, second]: [number, number],
): Float32Array {
  const out = new Float32Array(count);
  const {seed, stream, step} = place;
  runOnArrays(kernels, [out], (out) => kernels[name](out, count, first, second, seed, stream, step));
  return out;
}

describe("randomBlock(…)", () => {
  test.each(knownAnswers)("gives the published block of counter $counter", ({counter, key, block}) => {
    const out = new Uint32Array(4);
    runOnArrays(kernels, [out], (out) => kernels.randomBlock(...counter, ...key, out));
    expect([...out]).toEqual(block);
    expect(randomBlock(counter, key)).toEqual(block);
  });
});

describe("randomBits(seed, stream, step, index)", () => {
  test("is the word of its block, unsigned", () => {
    for (const index of [0, 1, 2, 3, 4, 1023, ones]) {
      const {seed, stream, step} = place;
      expect(kernels.randomBits(seed, stream, step, index)).toBe(randomBits(place, index));
    }
  });
});

describe("randomUniform(…)", () => {
  test("equals the reference element by element", () => {
    const byKernel = fillByKernel("randomUniform", 101, [-2, 5]);
    const expected = Float32Array.from(byKernel, (_, i) => randomUniform({low: -2, high: 5}, place, i));
    expect(bits(byKernel)).toEqual(bits(expected));
  });

  test("has the mean and the spread of the uniform distribution, and stays inside", () => {
    const values = fillByKernel("randomUniform", 100_000, [0, 1]);
    const {mean, variance} = moments(values);
    // Five standard errors: of the mean √(1/12/n), of the variance √(1/180/n).
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / 100_000));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / 100_000));
    expect(values.every((value) => value > 0 && value < 1)).toBe(true);
  });
});

describe("randomNormal(…)", () => {
  test("equals the reference to a rounding of float32", () => {
    fillByKernel("randomNormal", 1001, [0.5, 2]).forEach((value, i) => {
      const expected = randomNormal({mean: 0.5, spread: 2}, place, i);
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(2 ** -24 * Math.max(Math.abs(expected), 1e-9));
    });
  });

  test("has the moments and the tails of the normal distribution", () => {
    const count = 200_000;
    const values = fillByKernel("randomNormal", count, [0, 1]);
    const {mean, variance} = moments(values);
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / count;
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(5 * Math.sqrt(0.0455 / count));
  });

  test("gives element i the same value whatever the count", () => {
    const all = fillByKernel("randomNormal", 11, [0, 1]);
    for (let count = 0; count < 11; count++) {
      expect(bits(fillByKernel("randomNormal", count, [0, 1]))).toEqual(bits(all.subarray(0, count)));
    }
  });
});

function moments(values: Float32Array): {mean: number; variance: number} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return {mean, variance};
}
