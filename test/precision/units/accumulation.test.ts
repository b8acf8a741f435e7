import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {castValue} from "../../../src/formats/cast.js";
import {parseFormat} from "../../../src/formats/parse.js";
import {presets} from "../../../src/formats/preset.js";
import {type RoundingMode, roundings} from "../../../src/formats/rounding.js";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {accumulateDot, accumulateIntegers, addToOdd} from "../../../src/kernels/reference/accumulate.js";
import {exactDot} from "../../../src/kernels/reference/exact-sum.js";
import {precisions} from "../../../src/kernels/reference/precision.js";
import {randomBits} from "../../../src/kernels/reference/random.js";
import {roundingBits} from "../../../src/kernels/reference/rounding-bits.js";
import {type AccumulationSettings, accumulation, orders} from "../../../src/precision/units/accumulation.js";
import {accumulate} from "../../../src/precision/units/matmul.js";

const round = (x: number, format: string) =>
  castValue(x, parseFormat(format), {rounding: "nearest-even", policy: presets.default.policy});
const sum = (a: readonly number[], b: readonly number[], settings: AccumulationSettings, c = 0) =>
  accumulateDot(a, b, c, accumulation(settings));
const ones = (length: number) => Array.from({length}, () => 1);

const value = fc.oneof(
  fc.float({noNaN: true, noDefaultInfinity: true}),
  fc.float({min: -8, max: 8, noNaN: true}),
  fc.constantFrom(0, 1, 1 + 2 ** -23, 2 ** -30, -(2 ** -60)),
);
const pairs = fc.array(fc.tuple(value, value), {maxLength: 9});
const split = (pairs: [number, number][]) => [pairs.map(([a]) => a), pairs.map(([, b]) => b)];

describe("accumulateDot(a, b, c, how)", () => {
  test("sequential and fused: each step is the exact a·b + s, rounded once, also where double precision is not enough", () => {
    fc.assert(
      fc.property(pairs, value, fc.constantFrom("fp16", "bf16", "fp32"), (pairs, c, accumulator) => {
        const [a, b] = split(pairs);
        let expected = round(c, accumulator);
        const precision = precisions[accumulator];
        for (const [x, y] of pairs) expected = exactDot([x], [y], expected, precision);
        const computed = sum(a, b, {accumulator, fused: true}, c);
        expect(computed + 0).toBe(expected + 0);
      }),
      {numRuns: 1000},
    );
  });

  test("sees the tie that two roundings miss", () => {
    // 1 + 2^-24 is a tie in fp32; 2^-60 more breaks it, which double precision loses.
    expect(sum([2 ** -12 + 2 ** -30], [2 ** -12 + 2 ** -32], {accumulator: "fp32", fused: true}, 1)).toBe(
      1 + 2 ** -23,
    );
    expect(sum([2 ** -24, 2 ** -30], [1, 2 ** -30], {accumulator: "fp32", fused: true}, 1)).toBe(1);
    expect(addToOdd(1, 2 ** -70)).toBe(1 + 2 ** -52);
    expect(addToOdd(1, -(2 ** -70))).toBe(1 - 2 ** -53);
    expect(addToOdd(-1, 2 ** -70)).toBe(-1 + 2 ** -53);
  });

  test("separate: products are rounded to their own format first", () => {
    const [a, b] = [
      [1.0625, 3],
      [1.0625, 5],
    ];
    expect(sum(a, b, {accumulator: "fp32", product: "e4m3fn"})).toBe(1.125 + 15);
    expect(sum(a, b, {accumulator: "fp32", fused: true})).toBe(1.0625 ** 2 + 15);
    expect(sum(a, b, {accumulator: "e4m3fn"})).toBe(16);
    expect(sum(a, b, {accumulator: "fp32"})).toBe(1.0625 ** 2 + 15);
  });

  test("10,000 uniform numbers added one by one in bf16 stick at 256", () => {
    const uniform = Array.from(
      {length: 10_000},
      (_, i) => (randomBits({seed: 1, stream: 0, step: 0}, i) + 0.5) / 2 ** 32,
    );
    const values = uniform.map((x) => round(x, "bf16"));
    const total = values.reduce((sum, x) => sum + x, 0);
    expect(total).toBeGreaterThan(4800);
    expect(sum(values, ones(10_000), {accumulator: "bf16"})).toBe(256);
    const near = (settings: Partial<AccumulationSettings>, share: number) =>
      expect(
        Math.abs(sum(values, ones(10_000), {accumulator: "bf16", ...settings}) / total - 1),
      ).toBeLessThan(share);
    near({compensated: true}, 2 ** -8);
    near({order: "pairwise", blockLength: 16384}, 2 ** -6);
    near({promotion: 64}, 2 ** -7);
    near({rounding: "stochastic", seed: 5}, 0.1);
  });

  test("pairwise: balanced trees, their roots in order, a partial block smallest subtrees first", () => {
    // Seven products a…g in blocks of four: ((a+b)+(c+d)), then (e+f)+g; in e4m3fn, each addition to four bits.
    const values = [1, 17, 2, 1.125, 30, 3.25, 0.875];
    const add = (x: number, y: number) => round(x + y, "e4m3fn");
    const [a, b, c, d, e, f, g] = values.map((x) => round(x, "e4m3fn"));
    const roots = [add(add(a, b), add(c, d)), add(add(e, f), g)];
    const expected = add(add(0, roots[0]), roots[1]);
    expect(
      sum(
        values.map((x) => round(x, "e4m3fn")),
        ones(7),
        {accumulator: "e4m3fn", order: "pairwise", blockLength: 4},
      ),
    ).toBe(expected);
  });

  test("blocked: each block from zero, the blocks added in the outer format, from C", () => {
    const values = ones(40);
    const settings: AccumulationSettings = {
      accumulator: "e4m3fn",
      order: "blocked",
      blockLength: 20,
      outer: "fp16",
    };
    // E4M3 counts ones up to 16, where 17 is a tie that goes back.
    expect(sum(values, values, settings, 0.5)).toBe(16 + 16 + 0.5);
    expect(sum(values, values, {...settings, outer: "e4m3fn"}, 0.5)).toBe(32);
  });

  test("promotion adds to fp32 outside, whatever the accumulator", () => {
    expect(sum(ones(40), ones(40), {accumulator: "e4m3fn", promotion: 8}, Math.fround(1 / 3))).toBe(
      ones(5).reduce((total) => Math.fround(total + 8), Math.fround(1 / 3)),
    );
  });

  test("draws once per rounding, in the order written, by the place of the element", () => {
    const how = accumulation({accumulator: "bf16", rounding: "stochastic", bits: 8, seed: 9});
    const [a, b] = [Array.from({length: 30}, (_, i) => 1 + i / 128), ones(30)];
    let draws = 0;
    let expected = 0;
    const draw = (x: number) =>
      castValue(x, how.accumulator, {
        ...{rounding: how.rounding, bits: how.bits, policy: how.policy},
        random: roundingBits({seed: 9, stream: 0, step: 4}, draws++),
      });
    for (const x of a) {
      const product = draw(x);
      expected = draw(expected + product);
    }
    expect(accumulateDot(a, b, 0, how, 4)).toBe(expected);
    expect(
      new Set([0, 1, 2, 3, 4, 5].map((element) => accumulateDot(a, b, 0, how, element))).size,
    ).toBeGreaterThan(1);
  });

  test("stochastic sums are right on average", () => {
    const how = accumulation({accumulator: "e4m3fn", rounding: "stochastic", fused: true});
    const values = [16, 1, 0.3125, 0.25];
    const results = Array.from({length: 4000}, (_, element) =>
      accumulateDot(values, ones(4), 0, how, element),
    );
    const mean = results.reduce((sum, x) => sum + x, 0) / results.length;
    const deviation = Math.sqrt(results.reduce((sum, x) => sum + (x - mean) ** 2, 0) / results.length);
    expect(Math.abs(mean - 17.5625)).toBeLessThan(4 * (deviation / Math.sqrt(results.length)));
  });

  test.each<[string, AccumulationSettings, string]>([
    [
      "a fused product of some format",
      {accumulator: "bf16", fused: true, product: "fp16"},
      "fused product is exact",
    ],
    ["a compensated tree", {accumulator: "bf16", order: "pairwise", compensated: true}, "not pairwise"],
    ["integers", {accumulator: "int8"}, "int8 cannot be the accumulator"],
    ["unsigned formats", {accumulator: "bf16", outer: "e8m0"}, "e8m0 cannot be the outer format"],
    ["bits without chance", {accumulator: "bf16", bits: 4}, "uses no random bits"],
    ["an empty block", {accumulator: "bf16", order: "blocked", blockLength: 0}, "1 or more, not 0"],
  ])("refuses %s", (_, settings, message) => {
    expect(() => accumulation(settings)).toThrow(message);
  });
});

describe("accumulate(kernels, input, how)", () => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await createKernels();
  });

  test("gives a NaN that arithmetic makes no sign, where the format has a zero in its place", () => {
    const how = accumulation({accumulator: "e3m0", product: "exact", order: "sequential"});
    const infinityTimesZero = {
      m: 1,
      k: 1,
      n: 1,
      a: Float32Array.of(Number.POSITIVE_INFINITY),
      b: Float32Array.of(0),
    };
    expect([...accumulate(kernels, infinityTimesZero, how)]).toEqual([-0]);
  });

  test("equals the reference bit for bit, whatever the settings and the values", () => {
    const format = fc.constantFrom(
      "bf16",
      "fp16",
      "fp32",
      "e4m3fn",
      "e5m2",
      "e2m1",
      "e4m3fnuz",
      "e3m0",
      "e8m10",
    );
    const settings = fc.record({
      accumulator: format,
      product: fc.oneof(format, fc.constant("exact")),
      outer: format,
      order: fc.constantFrom(...orders),
      blockLength: fc.constantFrom(1, 2, 4, 8),
      promotion: fc.constantFrom(0, 0, 3, 8),
      rounding: fc.constantFrom(...(Object.keys(roundings) as RoundingMode[])),
      seed: fc.nat(99),
    });
    const product = fc.tuple(
      pairs,
      pairs,
      fc.array(value, {minLength: 4, maxLength: 4}),
      fc.boolean(),
      fc.boolean(),
    );
    fc.assert(
      fc.property(settings, product, (settings, [first, second, c, compensated, isSpecial]) => {
        const how = accumulation({...settings, compensated: compensated && settings.order !== "pairwise"});
        const k = Math.min(first.length, second.length);
        const rows = [first, second].map((pairs) => pairs.slice(0, k).map(([a]) => a));
        const columns = [first, second].map((pairs) => pairs.slice(0, k).map(([, b]) => b));
        if (isSpecial && k > 0) rows[0][0] = Number.POSITIVE_INFINITY;
        const b = Float32Array.from({length: 2 * k}, (_, i) => columns[i % 2][i >> 1]);
        const input = {m: 2, k, n: 2, a: Float32Array.from(rows.flat()), b, c: Float32Array.from(c)};
        const expected = c.map((start, i) => accumulateDot(rows[i >> 1], columns[i % 2], start, how, i));
        expect([...accumulate(kernels, input, how)]).toEqual(expected);
      }),
      {numRuns: 1000},
    );
  });
});

describe("accumulateIntegers(a, b, c, how)", () => {
  test("equals the exact sum modulo 2^P, or clamped at every addition", () => {
    const codes = fc.array(fc.tuple(fc.integer({min: -128, max: 127}), fc.integer({min: -128, max: 127})), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(codes, fc.integer({min: 2, max: 32}), (pairs, bits) => {
        const [a, b] = split(pairs);
        const exact = pairs.reduce((sum, [x, y]) => sum + BigInt(x * y), 0n);
        const wrapped = accumulateIntegers(a, b, 0, {bits, overflow: "wrap", fractionBits: 0});
        expect(BigInt(wrapped)).toBe(BigInt.asIntN(bits, exact));
        const largest = 2n ** BigInt(bits - 1) - 1n;
        const clamp = (x: bigint) => (x > largest ? largest : x < -largest - 1n ? -largest - 1n : x);
        const clamped = pairs.reduce((sum, [x, y]) => clamp(sum + BigInt(x * y)), 0n);
        expect(BigInt(accumulateIntegers(a, b, 0, {bits, overflow: "saturate", fractionBits: 0}))).toBe(
          clamped,
        );
      }),
    );
  });

  test("counts in the units of fixed-point products", () => {
    expect(
      accumulateIntegers([0.5, 0.25], [0.5, 0.25], 1, {bits: 8, overflow: "saturate", fractionBits: 4}),
    ).toBe(1.3125);
  });
});
