import {beforeAll, expect, it} from "vitest";
import {valueTable} from "../../src/formats/decode.js";
import {parseFormat} from "../../src/formats/parse.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {roundingBits} from "../../src/kernels/reference/rounding-bits.js";
import {
  exactSum,
  runningSum,
  type SumSettings,
  stallsAfter,
  sumRuns,
} from "../../src/precision/running-sum.js";

const bf16 = parseFormat("bf16");
const settings: SumSettings = {format: bf16, add: "random", count: 2000, form: "c", bits: 32, seed: 1};
let kernels: Kernels;

beforeAll(async () => {
  kernels = await createKernels();
});

it("runningSum(steps) to the nearest stops where a step is half of the spacing", () => {
  const ones = new Float32Array(1000).fill(1);
  const sums = runningSum(ones, {format: bf16, rounding: "nearest-even"});
  expect([...sums.slice(0, 3)]).toEqual([1, 2, 3]);
  expect(sums.at(-1)).toBe(256);
  expect(stallsAfter(sums)).toBe(256);
});

it("runningSum(steps) stays within the format, and at its largest value", () => {
  const e4m3 = parseFormat("e4m3fn");
  const words = Uint32Array.from({length: 4000}, (_, i) => roundingBits({seed: 3, stream: 1, step: 0}, i));
  const sums = runningSum(new Float32Array(4000).fill(1), {format: e4m3, rounding: "stochastic", words});
  const values = new Set(valueTable(e4m3));
  expect([...sums].every((sum) => values.has(sum))).toBe(true);
  expect(sums.at(-1)).toBe(448);
});

it("exactSum(steps) is exact: the same in any order", () => {
  const steps = Float32Array.from({length: 1000}, (_, i) => Math.fround(((i * 7919) % 1000) / 1000));
  expect(exactSum(steps).at(-1)).toBe(exactSum(steps.toReversed()).at(-1));
});

it("stallsAfter(sums) is null while the sum still changes", () => {
  expect(stallsAfter(Float64Array.from({length: 100}, (_, i) => i))).toBeNull();
  expect(stallsAfter(Float64Array.of(...Array(99).fill(1), 2))).toBeNull();
  expect(stallsAfter(Float64Array.of(1, 2, ...Array(98).fill(3)))).toBe(3);
});

it("sumRuns(kernels, settings) gives the same sums for the same seed, and others for another", () => {
  const ends = (changes: Partial<SumSettings> = {}) =>
    sumRuns(kernels, {...settings, ...changes}).stochastic.map((sums) => sums.at(-1));
  expect(ends()).toEqual(ends());
  expect(ends({seed: 2})).not.toEqual(ends());
  expect(new Set(ends()).size).toBeGreaterThan(2);
});

/** Each addition adds an error of variance at most (spacing / 2)², independent of the others. */
it("sumRuns(kernels, settings) has stochastic sums whose mean is the exact sum, within four standard errors", () => {
  const {exact, nearest, stochastic, mean} = sumRuns(kernels, settings);
  const standardError = Math.sqrt(settings.count) * (8 / 2) * Math.sqrt(1 / stochastic.length);
  expect(Math.abs(mean.at(-1)! - exact.at(-1)!)).toBeLessThan(4 * standardError);
  expect(nearest.at(-1)).toBe(256);
});

it.each([
  ["a", 4, 256 * 2 ** 3],
  ["b", 4, 256 * 2 ** 4],
  ["c", 4, 256 * 2 ** 4],
] as const)("sumRuns(kernels, settings) in form %s with %d random bits stalls at %d", (form, bits, end) => {
  const {stochastic} = sumRuns(kernels, {...settings, count: 10_000, form, bits});
  expect(new Set(stochastic.map((sums) => sums.at(-1)))).toEqual(new Set([end]));
});
