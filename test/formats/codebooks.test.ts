import {describe, expect, test} from "vitest";
import {caster} from "../../src/formats/cast.js";
import {dynamic8, nf4, udynamic8} from "../../src/formats/codebooks.js";
import {valueTable} from "../../src/formats/decode.js";
import type {CodebookFormat, Format} from "../../src/formats/format.js";
import {parseFormat} from "../../src/formats/parse.js";
import {policies} from "../../src/formats/preset.js";
import {digest, libraryDigests} from "./library-casts.js";

/** The density of the standard normal distribution, integrated by Simpson's rule. */
function normalDistribution(x: number): number {
  const [steps, h] = [2000, x / 2000];
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * density(i * h);
  return 0.5 + (sum * h) / 3;
}

/** The x at which the standard normal distribution reaches p, by bisection. */
function normalQuantile(p: number): number {
  let [low, high] = [-8, 8];
  while (high - low > 1e-14) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

test("NF4 has the quantiles of its construction to 1e-7", () => {
  const offset = 0.9677083;
  const quantiles = (count: number) =>
    Array.from({length: count - 1}, (_, i) => normalQuantile(offset + ((0.5 - offset) * i) / (count - 1)));
  const values = [...quantiles(9), 0, ...quantiles(8).map((x) => -x)].sort((a, b) => a - b);
  const largest = values[15];
  values.forEach((value, i) => {
    expect(Math.abs(value / largest - nf4.values[i])).toBeLessThan(1.5e-7);
  });
  expect(nf4.values.map(Math.fround)).toEqual(nf4.values);
});

describe("the dynamic maps", () => {
  const rounded = (values: readonly number[], digits: number) =>
    values.map((x) => Number(x.toPrecision(digits)));

  test("have 256 ascending values, exact in float32", () => {
    for (const {values} of [dynamic8, udynamic8]) {
      expect(new Set(values).size).toBe(256);
      expect([...values].sort((a, b) => a - b)).toEqual(values);
      expect(values.map(Math.fround)).toEqual(values);
    }
  });

  test.each(libraryDigests("bitsandbytes"))(
    "%s has the bits of the construction in float32",
    (name, expected) => {
      expect(digest(valueTable(parseFormat(name)))).toBe(expected);
    },
  );

  test("begin and end with the published values", () => {
    const positive = (format: CodebookFormat) => format.values.filter((x) => x > 0);
    expect(rounded(positive(dynamic8).slice(0, 4), 4)).toEqual([5.5e-7, 3.25e-6, 7.75e-6, 2.125e-5]);
    expect(rounded(positive(udynamic8).slice(0, 4), 4)).toEqual([3.25e-7, 7.75e-7, 2.125e-6, 4.375e-6]);
    expect(rounded(dynamic8.values.slice(-4), 5)).toEqual([0.96484, 0.97891, 0.99297, 1]);
    expect(rounded(udynamic8.values.slice(-4), 5)).toEqual([0.98242, 0.98945, 0.99648, 1]);
    expect(rounded([dynamic8.values[0], udynamic8.values[0]], 5)).toEqual([-0.99297, 0]);
  });

  test("have 1 to 64 values in the decades from 1e-7 up, the unsigned one twice as many", () => {
    const perDecade = ({values}: CodebookFormat) =>
      Array.from({length: 7}, (_, i) => values.filter((x) => x >= 10 ** (i - 7) && x < 10 ** (i - 6)).length);
    expect(perDecade(dynamic8)).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(perDecade(udynamic8)).toEqual([2, 4, 8, 16, 32, 64, 128]);
  });
});

describe("in blocks of 2048 normal values, scaled by the largest", () => {
  /** Uniform in (0, 1), from a multiplicative generator. */
  let state = 1;
  const uniform = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const blocks = Array.from({length: 100}, () => Array.from({length: 2048}, normal));

  /** Mean errors, the absolute one in units of the largest magnitude of the block. */
  function errors(format: Format, transform: (x: number) => number) {
    const cast = caster(format, {rounding: "nearest-even", policy: policies.default});
    const sums = {relative: 0, absolute: 0, count: 0};
    for (const block of blocks) {
      const values = block.map(transform);
      const scale = Math.max(...values.map(Math.abs));
      for (const x of values) {
        const error = Math.abs(cast(x / scale) * scale - x);
        sums.relative += error / Math.abs(x);
        sums.absolute += error / scale;
        sums.count++;
      }
    }
    return {relative: sums.relative / sums.count, absolute: sums.absolute / sums.count};
  }

  /** 2·(largest code) + 1 equal steps from -1 to 1, or from 0 to 1. */
  const linear = (lowest: number, steps: number): CodebookFormat => ({
    ...dynamic8,
    values: Array.from({length: steps + 1}, (_, i) => lowest + ((1 - lowest) * i) / steps),
  });

  test("the dynamic map has the relative error of its authors, and a larger absolute one than a linear grid", () => {
    const [dynamic, even] = [errors(dynamic8, (x) => x), errors(linear(-1, 254), (x) => x)];
    expect(dynamic.relative).toBeCloseTo(0.0166, 3);
    expect(even.relative).toBeGreaterThan(0.03);
    expect(even.relative).toBeLessThan(0.042);
    expect(dynamic.absolute).toBeCloseTo(0.0027, 3);
    expect(even.absolute).toBeCloseTo(0.002, 3);
    expect(even.absolute).toBeLessThan(dynamic.absolute);
  });

  test("the unsigned map does so for squares", () => {
    const [dynamic, even] = [errors(udynamic8, (x) => x * x), errors(linear(0, 255), (x) => x * x)];
    expect(dynamic.relative).toBeGreaterThan(0.017);
    expect(dynamic.relative).toBeLessThan(0.021);
    expect(even.relative).toBeGreaterThan(0.15);
  });
});

test("ties go to the lower value, as in bitsandbytes, and the ends saturate", () => {
  const cast = caster(parseFormat("nf4"), {rounding: "nearest-even", policy: policies.default});
  nf4.values.slice(1).forEach((upper, i) => {
    const lower = nf4.values[i];
    expect([cast((lower + upper) / 2), cast((lower + upper) / 2 + 1e-12)]).toEqual([lower, upper]);
  });
  expect([2, -2, 1 / 0, -1 / 0, Number.NaN, -0].map((x) => cast(x))).toEqual([1, -1, 1, -1, 0, 0]);
  const away = caster(nf4, {rounding: "away", policy: policies.default});
  expect([away(-0.5), away(0.5), away(-1e-9)]).toEqual([nf4.values[2], nf4.values[13], nf4.values[6]]);
});
