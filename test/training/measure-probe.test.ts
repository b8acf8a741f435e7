import {beforeAll, describe, expect, it} from "vitest";
import {parseFormat} from "../../src/formats/parse.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import type {ProbedCast} from "../../src/nn/program.js";
import {applyCast} from "../../src/precision/apply-cast.js";
import {parseCast} from "../../src/precision/parse-cast.js";
import {spacing, tensorMeter} from "../../src/training/measure-probe.js";
import {floats} from "../kernels/run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const shape = {rows: 32, columns: 48};
const count = shape.rows * shape.columns;
// Twenty-four binades, so that narrow formats lose some at both ends, and a few zeros.
const x = floats(count, 3).map((value, i) => (i % 50 === 0 ? 0 : value * 2 ** ((i % 25) - 14)));

const inMemory = (values: Float32Array): number => {
  const address = kernels.allocate(values.byteLength);
  kernels.float32(address, values.length).set(values);
  return address;
};

const probedCast = (text: string, use: Partial<ProbedCast> = {}): ProbedCast => ({
  ...{product: "forward", cast: parseCast(text), shape, along: "rows", use: () => ({})},
  ...use,
});

/** What the cast gives, by itself. */
function castValues({cast, along, use}: ProbedCast, values = x): Float32Array {
  const output = kernels.allocate(4 * count);
  applyCast(kernels, cast, inMemory(values), output, shape, {...use(), along});
  return kernels.float32(output, count).slice();
}

const sum = (values: ArrayLike<number>, of: (value: number, i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += of(values[i], i);
  return total;
};

describe("tensorMeter(kernels).cast(address, cast)", () => {
  it.each(["e4m3fn ocp-saturate", "e5m2 tensor", "mxfp4", "nvfp4", "int8 row", "bf16 stochastic"])(
    "tells of %s what a direct recomputation tells",
    (text) => {
      for (const along of ["rows", "columns"] as const) {
        const use = () => ({random: {seed: 5, stream: 6, step: 7}});
        const cast = probedCast(text, {along, use});
        const outcome = tensorMeter(kernels, count).cast(inMemory(x), cast);
        const y = castValues(cast);
        const noise = sum(x, (value, i) => (y[i] - value) ** 2);
        const nonZero = sum(x, (value) => (value !== 0 ? 1 : 0));
        expect(outcome).toMatchObject({product: "forward", cast: text});
        expect(outcome.signalToNoise).toBeCloseTo(sum(x, (value) => value ** 2) / noise, 6);
        expect(outcome.underflow).toBe(sum(x, (value, i) => (value !== 0 && y[i] === 0 ? 1 : 0)) / nonZero);
      }
    },
  );

  it("counts what rounds beyond the largest value, saturated or not, under the scale of the cast", () => {
    const overflowOf = (text: string) =>
      tensorMeter(kernels, count).cast(inMemory(x), probedCast(text)).overflow;
    const beyond = sum(x, (value) => (Math.abs(value) > 464 ? 1 : 0)) / count;
    expect(beyond).toBeGreaterThan(0.001);
    expect(overflowOf("e4m3fn ocp-saturate")).toBe(beyond);
    expect(overflowOf("e4m3fn ml_dtypes")).toBe(beyond);
    expect(overflowOf("e4m3fn 0.015625")).toBe(0);
    expect(overflowOf("e4m3fn tensor")).toBe(0);
  });

  it("counts the codes in use", () => {
    const codesOf = (text: string, values: Float32Array) =>
      tensorMeter(kernels, count).cast(inMemory(values), probedCast(text)).codes;
    expect(codesOf("e2m1", new Float32Array(count).fill(1))).toBe(1 / 16);
    expect(
      codesOf(
        "e2m1",
        new Float32Array(count).map((_, i) => (i % 4) - 1),
      ),
    ).toBe(4 / 16);
    expect(
      codesOf(
        "int4",
        new Float32Array(count).map((_, i) => (i % 16) - 8),
      ),
    ).toBe(1);
    // Negative zeros have no code of their own in two's complement.
    expect(
      codesOf(
        "int4",
        new Float32Array(count).map((_, i) => (i % 2 ? -0.1 : 0.1)),
      ),
    ).toBe(1 / 16);
    expect(codesOf("mxfp4", x)).toBe(1);
    expect(codesOf("fp32 0.5", x)).toBeNull();
  });

  it("finds no loss where there is none, and everything lost where there is nothing left", () => {
    const meter = tensorMeter(kernels, count);
    const ones = inMemory(new Float32Array(count).fill(1));
    const tiny = inMemory(new Float32Array(count).fill(1e-30));
    expect(meter.cast(ones, probedCast("e4m3fn")).signalToNoise).toBe(Number.POSITIVE_INFINITY);
    expect(meter.cast(tiny, probedCast("e4m3fn"))).toMatchObject({signalToNoise: 1, underflow: 1});
  });

  it("compares what a Hadamard transform gives with what is made of it", () => {
    const meter = tensorMeter(kernels, count);
    const plain = meter.cast(inMemory(x), probedCast("mxfp4"));
    const mixed = meter.cast(inMemory(x), probedCast("mxfp4 hadamard"));
    const exact = meter.cast(inMemory(x), probedCast("fp32 hadamard"));
    expect(exact.signalToNoise).toBe(Number.POSITIVE_INFINITY);
    expect(mixed.signalToNoise).toBeGreaterThan(5);
    expect(mixed.signalToNoise).not.toBe(plain.signalToNoise);
  });

  it("leaves the tensor and what a delayed scale remembers alone", () => {
    const address = inMemory(x);
    const use = () => ({scale: 4});
    const outcome = tensorMeter(kernels, count).cast(address, probedCast("e4m3fn delayed", {use}));
    expect(kernels.float32(address, count)).toEqual(x);
    expect(outcome.overflow).toBe(sum(x, (value) => (Math.abs(value * 4) > 464 ? 1 : 0)) / count);
  });
});

describe("tensorMeter(kernels).smallUpdates(before, after, cast, use)", () => {
  const share = (text: string, before: Float32Array, after: Float32Array) => {
    const meter = tensorMeter(kernels, count);
    return meter.smallUpdates(inMemory(before), inMemory(after), probedCast(text), {});
  };
  const before = floats(count, 8).map((value) => value + Math.sign(value));
  const after = before.map((value, i) => value + 1.5 * 2 ** -((i % 16) + 1));

  it("finds in a format without a scale the updates that rounding to nearest would lose", () => {
    // Weights on the grid of bf16: an update below half the distance to the next value leaves them there.
    const onGrid = castValues(probedCast("bf16"), before);
    const moved = onGrid.map((value, i) => value + 2 ** -((i % 16) + 1));
    const lost = castValues(probedCast("bf16"), moved).filter((value, i) => value === onGrid[i]).length;
    expect(share("bf16", onGrid, moved)).toBeCloseTo(lost / count, 1);
    expect(share("bf16", onGrid, moved)).toBeLessThanOrEqual(lost / count);
    expect(lost).toBeGreaterThan(count / 4);
  });

  it("measures in units of the scale: a power of two changes nothing in the middle of a float's range", () => {
    expect(share("e4m3fn 8", before, after)).toBe(share("e4m3fn", before, after));
    expect(share("int8 16", before, after)).toBeLessThan(share("int8", before, after)!);
    expect(share("int8", before, after)).toBe(1 - 1 / 16);
    expect(share("mxfp8", before, after)).toBe(share("e4m3fn", before, after));
  });

  it("has nothing to tell of tables of values and of mixed ones", () => {
    expect(share("nf4 block:1x16", before, after)).toBeNull();
    expect(share("mxfp4 hadamard", before, after)).toBeNull();
  });
});

describe("spacing(format)", () => {
  it.each([
    ["fp32", 1, 2 ** -23],
    ["fp32", 2 ** -140, 2 ** -149],
    ["bf16", 1.99, 2 ** -7],
    ["e4m3fn", 2, 1 / 4],
    ["e4m3fn", 2 ** -8, 2 ** -9],
    ["int8", 100, 1],
    ["e2m1", 0.5, 0.5],
  ] as const)("of %s at %d is %d", (format, value, expected) => {
    const {mantissaBits, minimumExponent} = spacing(parseFormat(format))!;
    expect(2 ** (Math.max(Math.floor(Math.log2(value)), minimumExponent) - mantissaBits)).toBe(expected);
  });
});
