import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import type {RandomPlace} from "../../src/kernels/reference/random.js";
import {roundingBits, roundingWordsOf} from "../../src/kernels/reference/rounding-bits.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const count = 1 << 18;

/** The words of the first elements of a tensor. */
function words({seed, stream, step}: RandomPlace, startIndex = 0, length = count): Uint32Array {
  const mark = kernels.mark();
  const address = kernels.allocate(4 * length);
  kernels.fillRoundingBits(address, length, seed, stream, step, startIndex);
  const result = kernels.uint32(address, length).slice();
  kernels.release(mark);
  return result;
}

/** The halves that elements have where two share a word, as upper halves. */
function halves(place: RandomPlace, startIndex = 0, length = count): Uint32Array {
  const pairs = words(place, startIndex / 2, length / 2);
  return Uint32Array.from({length}, (_, i) => (i % 2 ? pairs[i >> 1] & 0xffff0000 : pairs[i >> 1] << 16));
}

const places: readonly RandomPlace[] = [
  {seed: 0, stream: 0, step: 0},
  {seed: 0, stream: 0, step: 1},
  {seed: 0, stream: 1, step: 0},
  {seed: 1, stream: 0, step: 0},
  {seed: 0xffffffff, stream: 0xfffffffe, step: 0x80000000},
];

test("roundingBits is the same in kernel and reference, alone and in a row, at any index", () => {
  for (const place of places) {
    for (const start of [0, 1, 12345, 0x7ffffffc, 0xfffffffa]) {
      const row = words(place, start, 9);
      row.forEach((word, i) => {
        const index = (start + i) % 2 ** 32;
        expect(roundingBits(place, index)).toBe(word);
        expect(kernels.roundingBits(place.seed, place.stream, place.step, index)).toBe(word);
      });
    }
  }
});

test("roundingWordsOf gives an element a word of its own from 17 bits on, and half of one below", () => {
  for (const place of places) {
    for (const start of [0, 12346, 0xfffffff8]) {
      const each = (bits: number) =>
        Uint32Array.from({length: 8}, (_, i) => roundingWordsOf(place, bits)(start + i));
      expect(each(17)).toEqual(words(place, start, 8));
      expect(each(16)).toEqual(halves(place, start, 8));
      expect(each(1)).toEqual(each(16));
    }
  }
});

/** Standard scores of what should be zero, of many independent tests; the largest of n stays below this. */
const bound = (tests: number) => Math.sqrt(2 * Math.log(tests)) + 3;

/** Chi-square of counts that should be equal, as a standard score by Wilson and Hilferty's cube root (1931). */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  const freedom = counts.length - 1;
  const sum = counts.reduce((total, n) => total + (n - expected) ** 2 / expected, 0);
  const variance = 2 / (9 * freedom);
  return (Math.cbrt(sum / freedom) - (1 - variance)) / Math.sqrt(variance);
}

function histogram(bins: number, length: number, binOf: (i: number) => number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < length; i++) counts[binOf(i)]++;
  return counts;
}

/** Correlation of two uniform sequences times the root of their length, a standard score. */
function correlation(a: Uint32Array, b: Uint32Array): number {
  const length = Math.min(a.length, b.length);
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (a[i] / 2 ** 32 - 0.5) * (b[i] / 2 ** 32 - 0.5);
  return (12 * sum) / Math.sqrt(length);
}

describe.each([
  {name: "words", draw: words, drawn: 32},
  {name: "halves of words", draw: halves, drawn: 16},
])("the bits of rounding by $name", ({draw, drawn}) => {
  test("fill the values of their upper and lower bits evenly", () => {
    for (const place of places) {
      const all = draw(place);
      for (const bits of [1, 4, 8, 12]) {
        expect(Math.abs(chiSquare(histogram(2 ** bits, count, (i) => all[i] >>> (32 - bits))))).toBeLessThan(
          4.5,
        );
        const lower = histogram(2 ** bits, count, (i) => (all[i] >>> (32 - drawn)) % 2 ** bits);
        expect(Math.abs(chiSquare(lower))).toBeLessThan(4.5);
      }
    }
  });

  test("are each set half of the time", () => {
    for (const place of places) {
      const all = draw(place);
      for (let bit = 32 - drawn; bit < 32; bit++) {
        const set = all.reduce((sum, word) => sum + ((word >>> bit) & 1), 0);
        expect(Math.abs(set - count / 2) / Math.sqrt(count / 4)).toBeLessThan(bound(160));
      }
    }
  });

  const lags = [...Array.from({length: 16}, (_, i) => i + 1), ...Array.from({length: 13}, (_, i) => 32 << i)];

  test("of elements at any distance are independent", () => {
    for (const place of places) {
      const all = draw(place);
      for (const lag of lags) {
        const later = all.subarray(lag);
        expect(Math.abs(correlation(all, later))).toBeLessThan(bound(300));
        const pairs = histogram(1024, later.length, (i) => ((all[i] >>> 27) << 5) | (later[i] >>> 27));
        expect(Math.abs(chiSquare(pairs))).toBeLessThan(4.5);
      }
    }
  });

  test("of neighbouring seeds, streams and steps are independent", () => {
    const near = [0, 1, 2, 3, 255, 256, 65536, 0x80000000];
    const place = (kind: keyof RandomPlace, value: number) => ({seed: 5, stream: 5, step: 5, [kind]: value});
    for (const kind of ["seed", "stream", "step"] as const) {
      const rows = near.map((value) => draw(place(kind, value), 0, count / 4));
      rows.forEach((a, i) => {
        for (const b of rows.slice(0, i)) {
          expect(Math.abs(correlation(a, b))).toBeLessThan(bound(84));
          const pairs = histogram(256, a.length, (at) => ((a[at] >>> 28) << 4) | (b[at] >>> 28));
          expect(Math.abs(chiSquare(pairs))).toBeLessThan(4.5);
        }
      });
    }
  });
});
