import {beforeAll, describe, expect, test} from "vitest";
import type {FloatFormat} from "../../src/formats/format.js";
import {parseFormat} from "../../src/formats/parse.js";
import {policies} from "../../src/formats/preset.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {isIdentity, type Quantizer, quantize, quantizer} from "../../src/precision/quantizer.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

function apply(target: Quantizer, values: readonly number[]): number[] {
  const mark = kernels.mark();
  const input = kernels.allocate(values.length * 4);
  const output = kernels.allocate(values.length * 4);
  kernels.float32(input, values.length).set(values);
  quantize(kernels, target, input, output, values.length);
  const result = [...kernels.float32(output, values.length)];
  kernels.release(mark);
  return result;
}

test("a quantizer is plain data", () => {
  const target = quantizer("e4m3fn", {policy: "ocp-saturate", scaling: "tensor"});
  expect(target).toMatchObject({
    ...{
      format: {name: "e4m3fn"},
      rounding: "nearest-even",
      policy: policies["ocp-saturate"],
      scaling: "tensor",
    },
    ...{largest: 448, isIdentity: false},
  });
  expect(structuredClone(target)).toEqual(target);
});

test("only a cast to fp32 that keeps infinities is the identity, and it copies", () => {
  expect(isIdentity(quantizer("fp32"))).toBe(true);
  expect(isIdentity(quantizer("fp32", {policy: "ocp-saturate"}))).toBe(false);
  for (const name of ["tf32", "e8m22", "e7m23", "int16"]) expect(isIdentity(quantizer(name))).toBe(false);
  const values = [0.1, -0, Number.POSITIVE_INFINITY, 1e-45].map(Math.fround);
  expect(apply(quantizer("fp32"), values)).toEqual(values);
});

describe("scaling by tensor", () => {
  const scaled = quantizer("e4m3fn", {scaling: "tensor"});

  test("brings small and large tensors into the range and back", () => {
    const values = [1, -2, 0.5, 1.75, -0];
    for (const factor of [2 ** -40, 2 ** -115, 1, 2 ** 100]) {
      const tensor = values.map((value) => value * factor);
      expect(apply(scaled, tensor)).toEqual(tensor);
    }
  });

  test("never makes the largest magnitude overflow", () => {
    expect(apply(scaled, [450, 1])).toEqual([448, 1]);
    expect(apply(scaled, [-465, 1])).toEqual([-480, 1]);
  });

  test("stops at 2^126, so that subnormal tensors may vanish", () => {
    expect(apply(scaled, [2 ** -134, -(2 ** -136), 2 ** -140])).toEqual([2 ** -134, -0, 0]);
  });

  test("is defined for tensors of zeros, with an infinity, with NaN, and without elements", () => {
    expect(apply(scaled, [0, -0, 0])).toEqual([0, -0, 0]);
    expect(apply(scaled, [1000, Number.NEGATIVE_INFINITY, 1.03])).toEqual([Number.NaN, Number.NaN, 1]);
    expect(apply(scaled, [Number.NaN, 1.03])).toEqual([Number.NaN, 1]);
    const saturating = quantizer("e4m3fn", {scaling: "tensor", policy: "ocp-saturate"});
    expect(apply(saturating, [Number.NEGATIVE_INFINITY, 1.03])).toEqual([-448, 1]);
    expect(apply(scaled, [])).toEqual([]);
  });

  test("works for integers", () => {
    expect(apply(quantizer("int4", {scaling: "tensor"}), [0.25, 1.75, -0.3, 0.9])).toEqual([
      0.25, 1.75, -0.25, 1,
    ]);
  });
});

test("a format that float32 does not contain is refused", () => {
  const e4m3 = parseFormat("e4m3fn") as FloatFormat;
  for (const bias of [150, -120]) {
    expect(() => quantizer({...e4m3, name: "odd", bias})).toThrow("format odd does not lie within float32");
  }
});
