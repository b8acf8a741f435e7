import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {highwayBackward, highwayForward} from "../../src/kernels/reference/highway.js";
import {bits, floats, relativeError, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const widths = [1, 2, 3, 4, 5, 7, 8, 13];
const rows = 3;
/** Rows of inputs and outputs lie further apart than they are long, as those of a sequence do. */
const gap = 5;
const carryBias = 1;

const row = (values: Float32Array, index: number, length: number, stride = length) =>
  values.subarray(index * stride, index * stride + length);

describe("highwayForward(…)", () => {
  test.each(widths)("agrees with double precision, width %i", (width) => {
    const [inputStride, outputStride] = [2 * width + gap, width + gap];
    const input = floats(rows * inputStride, 1).map((value) => 3 * value);
    const gates = floats(rows * 2 * width, 2);
    const [bias, previous] = [floats(2 * width, 3), floats(rows * width, 4)];
    const [next, output] = [new Float32Array(rows * width), new Float32Array(rows * outputStride)];
    const products = gates.slice();
    runOnArrays(kernels, [input, gates, bias, previous, next, output], (x, gates, bias, previous, next, y) =>
      kernels.highwayForward(
        ...([
          x,
          inputStride,
          gates,
          bias,
          previous,
          next,
          y,
          outputStride,
          rows,
          width,
          carryBias,
          2.5,
        ] as const),
      ),
    );
    for (let r = 0; r < rows; r++) {
      const z = row(products, r, 2 * width).map(
        (value, i) => row(input, r, 2 * width, inputStride)[i] + value + bias[i],
      );
      const expected = highwayForward({z, previous: row(previous, r, width)}, carryBias);
      expect(relativeError(row(gates, r, 2 * width), [...expected.c, ...expected.u], 1)).toBeLessThan(5e-7);
      expect(relativeError(row(next, r, width), expected.next, 1)).toBeLessThan(5e-7);
      expect([...row(output, r, width, outputStride)]).toEqual(
        [...row(next, r, width)].map((h) => Math.fround(2.5 * h)),
      );
    }
  });

  test("keeps the digits of small activations, and their limits", () => {
    const width = 6;
    const z = Float32Array.of(1e-20, -3e-7, 2e-3, 0.62499, 0.62501, -40, -200, -1, 0, 1, 60, 200);
    const gates = new Float32Array(2 * width);
    const zeros = new Float32Array(2 * width);
    const [previous, next, output] = [
      new Float32Array(width),
      new Float32Array(width),
      new Float32Array(width),
    ];
    runOnArrays(kernels, [z, gates, zeros, previous, next, output], (z, gates, bias, previous, next, y) =>
      kernels.highwayForward(
        ...([z, 2 * width, gates, bias, previous, next, y, width, 1, width, 0, 1] as const),
      ),
    );
    for (let i = 0; i < width; i++) {
      expect(Math.abs(gates[i] / Math.tanh(z[i]) - 1)).toBeLessThan(3e-7);
      const expected = 1 / (1 + Math.exp(-z[width + i]));
      expect(Math.abs(gates[width + i] - expected)).toBeLessThan(2e-7 * expected + 1e-37);
    }
  });
});

describe("highwayBackward(…)", () => {
  test.each(widths)("agrees with double precision, width %i", (width) => {
    const [outputStride, inputStride] = [width + gap, 2 * width + gap];
    const outputGradient = floats(rows * outputStride, 1);
    const gates = floats(rows * 2 * width, 2);
    const [previous, carried, fromGates] = [3, 4, 5].map((seed) => floats(rows * width, seed));
    const [gatesGradient, inputGradient] = [
      new Float32Array(rows * 2 * width),
      new Float32Array(rows * inputStride).fill(7),
    ];
    const carriedBefore = carried.slice();
    runOnArrays(
      kernels,
      [outputGradient, gates, previous, carried, fromGates, gatesGradient, inputGradient],
      (dy, gates, previous, carried, fromGates, dGates, dInput) =>
        kernels.highwayBackward(
          ...([dy, outputStride, gates, previous, carried, fromGates, dGates, dInput, inputStride] as const),
          ...([rows, width, 2.5] as const),
        ),
    );
    for (let r = 0; r < rows; r++) {
      const g = row(carriedBefore, r, width).map(
        (value, i) =>
          value + row(fromGates, r, width)[i] + 2.5 * row(outputGradient, r, width, outputStride)[i],
      );
      const [c, u] = [row(gates, 2 * r, width), row(gates, 2 * r + 1, width)];
      const expected = highwayBackward({c, u}, row(previous, r, width), g);
      expect(relativeError(row(gatesGradient, r, 2 * width), expected.zGradient, 1)).toBeLessThan(2e-6);
      expect(bits(row(inputGradient, r, 2 * width, inputStride))).toEqual(
        bits(row(gatesGradient, r, 2 * width)),
      );
      expect(relativeError(row(carried, r, width), expected.previousGradient, 1)).toBeLessThan(2e-6);
    }
    expect(inputGradient[2 * width]).toBe(7);
  });
});

describe("columnSums(…)", () => {
  test.each(widths)("adds up the rows in order, width %i", (width) => {
    const x = floats(9 * width, 6);
    const sums = new Float32Array(width);
    runOnArrays(kernels, [x, sums], (x, sums) => kernels.columnSums(x, sums, 9, width, 0.5));
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let r = 0; r < 9; r++) sum = Math.fround(sum + x[r * width + column]);
      expect(sums[column]).toBe(sum / 2);
    }
  });
});
