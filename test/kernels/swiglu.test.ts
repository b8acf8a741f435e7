import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {silu} from "../../src/kernels/reference/activations.js";
import {swiglu} from "../../src/kernels/reference/swiglu.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** Widths around whole vectors. */
const widths = [1, 2, 3, 4, 5, 8, 11];
const rows = 3;

describe("swiglu(…)", () => {
  test.each(widths)("multiplies the first half by the SiLU of the second, in rows of 2·%i", (width) => {
    const x = floats(2 * rows * width, width).map((value) => 3 * value);
    const y = new Float32Array(rows * width);
    const derivatives = new Float32Array(x.length);
    runOnArrays(kernels, [x, y, derivatives], (x, y, derivatives) =>
      kernels.swigluForward(x, y, derivatives, rows, width, 1.5, 0.7),
    );
    const expected = swiglu(x, {rows, width}, {scale: 1.5, multiplier: 0.7});
    y.forEach((value, i) => {
      expect(Math.abs(value - expected.y[i])).toBeLessThan(2e-6 * Math.abs(expected.y[i]) + 1e-30);
    });
    derivatives.forEach((value, i) => {
      expect(Math.abs(value - expected.derivatives[i])).toBeLessThan(2e-6);
    });
    const inPlace = x.slice();
    runOnArrays(kernels, [inPlace, y.slice()], (x, y) =>
      kernels.swigluForward(x, y, x, rows, width, 1.5, 0.7),
    );
    expect(bits(inPlace)).toEqual(bits(derivatives));
  });

  test.each(widths)("hands each half its derivative times the gradient, in rows of 2·%i", (width) => {
    const derivatives = floats(2 * rows * width, 1);
    const yGradient = floats(rows * width, 2);
    const xGradient = new Float32Array(2 * rows * width);
    runOnArrays(kernels, [derivatives, yGradient, xGradient], (derivatives, dy, dx) =>
      kernels.swigluBackward(derivatives, dy, dx, rows, width, 0.5),
    );
    xGradient.forEach((value, i) => {
      const row = Math.floor(i / (2 * width));
      expect(value).toBe(Math.fround(0.5 * derivatives[i] * yGradient[row * width + (i % width)]));
    });
  });

  test("is a·silu(b)", () => {
    const {y} = swiglu([2, 0.7], {rows: 1, width: 1});
    expect(y[0]).toBe(2 * silu(0.7).value);
  });
});
