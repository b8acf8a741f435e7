import fc from "fast-check";
import {expect, test} from "vitest";
import {tensorScale} from "../../src/precision/scaling.js";

test("tensorScale is the largest power of two that keeps the largest magnitude within the format", () => {
  expect(tensorScale(448, 448)).toBe(1);
  expect(tensorScale(448, 448.0001)).toBe(0.5);
  expect(tensorScale(448, 224)).toBe(2);
  expect(tensorScale(448, 225)).toBe(1);
  expect(tensorScale(57344, 1)).toBe(32768);
  fc.assert(
    fc.property(
      fc.constantFrom(6, 7.5, 28, 127, 448, 57344, 65504),
      fc.float({min: Math.fround(1e-30), max: Math.fround(1e30), noNaN: true}),
      (largest, amax) => {
        const scale = tensorScale(largest, amax);
        expect(amax * scale).toBeLessThanOrEqual(largest);
        expect(amax * scale * 2).toBeGreaterThan(largest);
        expect(Number.isInteger(Math.log2(scale))).toBe(true);
      },
    ),
  );
});

test("tensorScale and its inverse stay normal float32 numbers at the ends of the range", () => {
  expect(tensorScale(57344, 2 ** -149)).toBe(2 ** 126);
  expect(tensorScale(6, 3.4e38)).toBe(2 ** -126);
});

test("a tensor of zeros, or with an infinity or NaN, keeps the scale 1", () => {
  for (const amax of [0, Number.POSITIVE_INFINITY, Number.NaN]) expect(tensorScale(448, amax)).toBe(1);
});
