import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const arguments_ = Array.from({length: 2001}, (_, i) => (i - 1000) / 37);

describe("scalar functions of the module", () => {
  test.each(["exp", "cos", "sin", "log"] as const)(
    "%s(x) agrees with JavaScript's to the last digits",
    (name) => {
      for (const x of arguments_) {
        const argument = name === "log" ? Math.abs(x) + 1e-3 : x;
        const expected = Math[name](argument);
        const tolerance = 2 ** -51 * Math.max(Math.abs(expected), name === "exp" ? 0 : 2 ** -2);
        expect(Math.abs(kernels[name](argument) - expected)).toBeLessThanOrEqual(tolerance);
      }
    },
  );

  test("treat their limits like JavaScript's", () => {
    expect(kernels.log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(kernels.log(-1)).toBeNaN();
    expect(kernels.exp(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(kernels.exp(1000)).toBe(Number.POSITIVE_INFINITY);
    expect(kernels.cos(0)).toBe(1);
  });
});
