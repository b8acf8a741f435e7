import {beforeAll, expect, it} from "vitest";
import {signalToNoiseTable} from "../../loaders/signal-to-noise-table.js";
import {createKernels} from "../../src/kernels/kernels.js";
import {quantize, quantizer} from "../../src/precision/quantizer.js";

interface Row {
  readonly format: string;
  readonly rounding: string;
  readonly log2_spread: number;
  readonly ratio: number;
}

let rows: readonly Row[];
const ratioOf = (format: string, rounding: string, log2Spread: number) =>
  rows.find((row) => row.format === format && row.rounding === rounding && row.log2_spread === log2Spread)!
    .ratio;

beforeAll(async () => {
  rows = (await signalToNoiseTable()).objects() as Row[];
});

it("signalToNoiseTable() has every spread from 2^-30 to 2^20 for each of its curves", () => {
  const curves = new Set(rows.map(({format, rounding}) => `${format} ${rounding}`));
  expect(curves.size).toBe(2 * 14 + 3);
  expect(rows).toHaveLength(curves.size * 101);
  for (const {ratio} of rows) expect(ratio > 0 && ratio < 2 ** 26).toBe(true);
});

it("signalToNoiseTable() is 1 where everything becomes zero, and never better by chance than to nearest", () => {
  expect(ratioOf("e4m3fn", "nearest-even", -30)).toBe(1);
  expect(ratioOf("int8", "nearest-even", -10)).toBe(1);
  for (const {format, rounding, log2_spread, ratio} of rows) {
    if (rounding === "nearest-even")
      expect(ratioOf(format, "stochastic", log2_spread), `${format} ${log2_spread}`).toBeLessThanOrEqual(
        ratio,
      );
  }
});

it("signalToNoiseTable() has the ratios of the paper's notebook at unit spread, within 2 %", () => {
  for (const [format, ratio] of [
    ["fp16", 2.317e7],
    ["e4m3fnuz", 1256],
    ["e5m2fnuz", 281.5],
  ] as const)
    expect(Math.abs(ratioOf(format, "without-carry", 0) / ratio - 1)).toBeLessThan(0.02);
});

/** Two samples of their own: 2^15 numbers in the table, 2^18 here, of which each has one draw. */
it.each(["e4m3fn", "e2m1", "int8", "nf4"])(
  "signalToNoiseTable() expects of stochastic rounding to %s what its kernel does",
  async (format) => {
    const kernels = await createKernels();
    const count = 1 << 18;
    const [x, y] = [kernels.allocate(4 * count), kernels.allocate(4 * count)];
    kernels.randomNormal(x, count, 0, 1, 9, 0, 0);
    const random = {seed: 9, stream: 1, step: 0};
    const target = quantizer(format, {rounding: "stochastic", random, policy: "ocp-saturate"});
    quantize(kernels, target, x, y, count);
    const [before, after] = [kernels.float32(x, count), kernels.float32(y, count)];
    const signal = before.reduce((sum, value) => sum + value * value, 0);
    const noise = before.reduce((sum, value, i) => sum + (after[i] - value) ** 2, 0);
    expect(Math.abs(signal / noise / ratioOf(format, "stochastic", 0) - 1)).toBeLessThan(0.03);
  },
);
