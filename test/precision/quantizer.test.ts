import {beforeAll, describe, expect, test} from "vitest";
import {caster} from "../../src/formats/cast.js";
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

test("a format that is finer than float32, or has huge values only, is refused", () => {
  const e4m3 = parseFormat("e4m3fn") as FloatFormat;
  for (const odd of [
    {...e4m3, bias: -120},
    {...e4m3, mantissaBits: 24},
  ]) {
    expect(() => quantizer({...odd, name: "odd"})).toThrow("format odd does not lie within float32");
  }
  expect(() => quantizer("e2m1b-120")).toThrow("does not lie within float32");
});

test("a format that reaches beyond float32 gives its values where they are float32, and infinity above", () => {
  const fields = Array.from({length: 256}, (_, i) => i * 0x800000);
  const bits = fields.flatMap((field) =>
    [0, 1, 0x0fffff, 0x100000, 0x300001, 0x7fffff].map((low) => field + low),
  );
  const values = [...new Float32Array(Uint32Array.from(bits).buffer)].filter((x) => !Number.isNaN(x));
  const signed = [...values, ...values.map((x) => -x)];
  for (const name of [
    "binary16p5se",
    "binary12p3sf",
    "binary12p2ue",
    "binary11p1se",
    "e8m3fn",
    "e4m3b150",
    "e8m5b200",
  ]) {
    for (const rounding of ["nearest-even", "nearest-away", "up", "odd"] as const) {
      for (const policy of ["default", "ocp-saturate"] as const) {
        const cast = caster(parseFormat(name), {rounding, policy: policies[policy]});
        expect(apply(quantizer(name, {rounding, policy}), signed)).toEqual(
          signed.map((x) => Math.fround(cast(x))),
        );
      }
    }
  }
});
