import {beforeAll, describe, expect, test} from "vitest";
import {valueTable} from "../../src/formats/decode.js";
import {parseFormat} from "../../src/formats/parse.js";
import type {RoundingMode} from "../../src/formats/rounding.js";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {castBytes, prepareCast, type QuantizerOptions, quantizer} from "../../src/precision/quantizer.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

interface Draws {
  readonly startIndex?: number;
  /** In place of the generated bits. */
  readonly words?: Uint32Array;
}

/** What `x` becomes. */
function cast(x: Float32Array, format: string, options: QuantizerOptions, draws: Draws = {}): Float32Array {
  const {startIndex = 0, words} = draws;
  const mark = kernels.mark();
  const [prepared, address, wordsAddress] = [castBytes, x.byteLength, x.byteLength].map(kernels.allocate);
  prepareCast(kernels, quantizer(format, options), prepared);
  kernels.float32(address, x.length).set(x);
  if (words) kernels.uint32(wordsAddress, x.length).set(words);
  kernels.castWith(prepared, address, address, x.length, 1, startIndex, words ? wordsAddress : 0);
  const result = kernels.float32(address, x.length).slice();
  kernels.release(mark);
  return result;
}

const modes: readonly RoundingMode[] = [
  ...(["stochastic", "stochastic-a", "stochastic-b", "stochastic-c", "stochastic-odd"] as const),
  "stochastic-equal",
];

/** The two values of E4M3 around 1 + share/8, and between 0 and the smallest one. */
const cells = [
  {below: 1, spacing: 1 / 8},
  {below: 0, spacing: 2 ** -9},
  {below: 5 * 2 ** -9, spacing: 2 ** -9},
];

/** All words whose upper N bits differ, with the lower bits set in one half of them: they must not matter. */
const wordsOf = (bits: number): Uint32Array =>
  Uint32Array.from({length: 2 ** bits}, (_, i) => i * 2 ** (32 - bits) + (i % 2) * (2 ** (32 - bits) - 1));

const nearestEven = (x: number) => {
  const below = Math.floor(x);
  return x - below > 0.5 || (x - below === 0.5 && below % 2 === 1) ? below + 1 : below;
};
const nearestOdd = (x: number) => {
  const below = Math.floor(x);
  return x - below > 0.5 || (x - below === 0.5 && below % 2 === 0) ? below + 1 : below;
};

/** How many of the 2^N draws go up, by IEEE P3109's definitions. */
const drawsUp: readonly [RoundingMode, (steps: number) => number][] = [
  ["stochastic-a", Math.floor],
  ["stochastic-b", (steps) => Math.floor(steps + 0.5)],
  ["stochastic-c", nearestEven],
  ["stochastic", nearestEven],
  ["stochastic-odd", nearestOdd],
];

describe.each(drawsUp)("%s", (rounding, expected) => {
  test.each([1, 2, 3, 5, 8, 11])("with %i bits goes up for as many draws as it should", (bits) => {
    const words = wordsOf(bits);
    for (const {below, spacing} of cells) {
      for (const sign of [1, -1]) {
        for (let sixteenths = 0; sixteenths < 16; sixteenths++) {
          const shares = [sixteenths / 16, sixteenths / 16 + 2 ** -12, (sixteenths + 0.5) / 2 ** bits / 16];
          for (const share of shares) {
            const x = Float32Array.from(words, () => sign * (below + share * spacing));
            const up = cast(x, "e4m3fn", {rounding, bits}, {words}).filter(
              (y) => Math.abs(y) === below + spacing,
            );
            expect([share, up.length]).toEqual([share, expected(share * 2 ** bits)]);
          }
        }
      }
    }
  });
});

test("a value on the grid never changes, whatever the draw", () => {
  for (const name of ["e4m3fn", "e5m2", "e2m1", "e4m3fnuz", "int8", "nf4"]) {
    const values = Float32Array.from(valueTable(parseFormat(name))).filter((x) => Number.isFinite(x));
    const draws = [0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, ...wordsOf(5)];
    const x = Float32Array.from(draws.flatMap(() => [...values]));
    const words = Uint32Array.from(draws.flatMap((word) => new Array<number>(values.length).fill(word)));
    for (const rounding of modes) {
      for (const bits of [1, 4, 8, undefined]) {
        expect(cast(x, name, {rounding, bits}, {words})).toEqual(x);
        expect(cast(x, name, {rounding, bits})).toEqual(x);
      }
    }
  }
});

test("the proportional mode compares the word with the share of 2³²", () => {
  for (const share of [2 ** -20, 0.25, 1 / 3, 0.5, 0.75, 1 - 2 ** -20]) {
    for (const {below, spacing} of cells) {
      const x = Math.fround(below + share * spacing);
      const count = ((x - below) / spacing) * 2 ** 32;
      const words = Uint32Array.of(0, count - 2, count - 1, count, count + 1, 0xffffffff);
      const isUp = [true, true, true, false, false, false];
      const results = cast(new Float32Array(6).fill(x), "e4m3fn", {rounding: "stochastic"}, {words});
      expect([...results]).toEqual(isUp.map((up) => below + (up ? spacing : 0)));
    }
  }
});

test("the mean of proportional draws is the value, within four standard errors in every cell", () => {
  const draws = 1 << 13;
  for (const name of ["e4m3fn", "e2m1", "e5m2", "int4", "binary8p3se"]) {
    const table = [...valueTable(parseFormat(name))].filter((x) => Number.isFinite(x)).sort((a, b) => a - b);
    let stream = 0;
    for (let i = 1; i < table.length; i++) {
      const [below, above] = [table[i - 1], table[i]];
      if (above <= below) continue;
      for (const share of [0.1, 0.5, 0.83]) {
        const value = Math.fround(below + share * (above - below));
        const random = {seed: 1, stream: stream++, step: 0};
        const results = cast(new Float32Array(draws).fill(value), name, {rounding: "stochastic", random});
        const mean = results.reduce((sum, y) => sum + (y - below) / (above - below), 0) / draws;
        const exact = (value - below) / (above - below);
        expect(Math.abs(mean - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / draws));
      }
    }
  }
});

test("any split of a tensor gives the same results", () => {
  const x = Float32Array.from({length: 203}, (_, i) => Math.sin(i) * 2 ** ((i % 30) - 16));
  for (const name of ["e4m3fn", "fp16", "bf16", "int8", "nf4"]) {
    for (const rounding of modes) {
      const options = {rounding, random: {seed: 9, stream: 8, step: 7}};
      const whole = cast(x, name, options, {startIndex: 0xfffffe00});
      for (const size of [1, 3, 8, 100]) {
        const parts: number[] = [];
        for (let i = 0; i < x.length; i += size) {
          parts.push(...cast(x.subarray(i, i + size), name, options, {startIndex: 0xfffffe00 + i}));
        }
        expect(Float32Array.from(parts)).toEqual(whole);
      }
    }
  }
});

test("different seeds, streams and steps give different results", () => {
  const x = Float32Array.from({length: 100}, (_, i) => 1 + i / 800);
  const results = [
    {seed: 0, stream: 0, step: 0},
    {seed: 1, stream: 0, step: 0},
    {seed: 0, stream: 1, step: 0},
    {seed: 0, stream: 0, step: 1},
  ].map((random) => cast(x, "e4m3fn", {rounding: "stochastic", random}).join());
  expect(new Set(results).size).toBe(4);
});
