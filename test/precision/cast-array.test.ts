import {expect, test} from "vitest";
import {parseFormat} from "../../src/formats/parse.js";
import {policies} from "../../src/formats/preset.js";
import {quantize} from "../../src/kernels/reference/quantize.js";
import {castArray} from "../../src/precision/cast-array.js";

const many = 1 << 18;

test("castArray casts long arrays and leaves its input alone", async () => {
  const length = many / 2 + 13;
  const values = Float32Array.from({length: length + 5}, (_, i) => Math.cos(i) * (i % 1000)).subarray(5);
  const before = values.slice();
  const expected = new Float32Array(length);
  quantize(values, expected, parseFormat("e5m2"), {rounding: "nearest-even", policy: policies.ml_dtypes});
  expect(await castArray(values, "e5m2")).toEqual(expected);
  expect(values).toEqual(before);
});

test("castArray scales the whole array by one power of two", async () => {
  const values = new Float32Array(many).fill(1e-8);
  values[values.length - 1] = 1000;
  const cast = await castArray(values, "e4m3fn", {scaling: "tensor"});
  expect([cast[0], cast.at(-1)]).toEqual([0, 1024]);
});

test("castArray gives an empty array for one", async () => {
  expect(await castArray(new Float32Array(0), "e4m3fn")).toEqual(new Float32Array(0));
});
