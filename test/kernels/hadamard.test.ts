import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {hadamard} from "../../src/kernels/reference/hadamard.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const transposed = (x: Float32Array, rows: number, columns: number) =>
  Float32Array.from(x, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)]);

const signs = [0, 0xffff, 0b1101_0111_1110_1000, 0x8001];

/** Every group of sixteen by the reference. */
function transformGroups(x: Float32Array, negativeSigns: number): Float32Array {
  const out = new Float32Array(x.length);
  for (let i = 0; i < x.length; i += 16) out.set(hadamard(x.subarray(i, i + 16), negativeSigns), i);
  return out;
}

describe("the Hadamard transform", () => {
  test("is the product with the matrix of Sylvester's construction", () => {
    const sign = (i: number, j: number) =>
      (-1) ** [...(i & j).toString(2)].filter((bit) => bit === "1").length;
    const x = Float32Array.from({length: 16}, (_, i) => (i * 7) % 13);
    const negative = 0b10110;
    const expected = Float32Array.from({length: 16}, (_, j) =>
      x.reduce((sum, value, i) => sum + (((negative >> i) & 1 ? -value : value) * sign(i, j)) / 4, 0),
    );
    expect(hadamard(x, negative)).toEqual(expected);
  });

  test("without signs is its own inverse, up to rounding", () => {
    const x = floats(16, 1);
    for (const [i, y] of hadamard(hadamard(x, 0), 0).entries()) expect(y).toBeCloseTo(x[i], 6);
  });

  test.each(signs)("the kernel along rows is the reference (signs %i)", (negativeSigns) => {
    const x = floats(16 * 37, 2);
    x.set([1e38, -1e38, 1e-44, -0, Number.POSITIVE_INFINITY], 100);
    const out = new Float32Array(x.length);
    runOnArrays(kernels, [x, out], (a, b) => kernels.hadamardRows(a, b, x.length, negativeSigns));
    expect(out.map(canonical)).toEqual(transformGroups(x, negativeSigns).map(canonical));
    const inPlace = x.slice();
    runOnArrays(kernels, [inPlace], (a) => kernels.hadamardRows(a, a, x.length, negativeSigns));
    expect(bits(inPlace.map(canonical))).toEqual(bits(out.map(canonical)));
  });

  test.each(signs)(
    "the kernel along columns is the reference of the transpose (signs %i)",
    (negativeSigns) => {
      for (const columns of [1, 3, 4, 21]) {
        const rows = 48;
        const x = floats(rows * columns, 3);
        const out = new Float32Array(x.length);
        runOnArrays(kernels, [x, out], (a, b) =>
          kernels.hadamardColumns(a, b, rows, columns, negativeSigns, 0, 16),
        );
        const expected = transformGroups(transposed(x, rows, columns), negativeSigns);
        expect(bits(transposed(out, rows, columns))).toEqual(bits(expected));
      }
    },
  );

  test.each([16, 32])("the kernel along columns finds the largest magnitudes in %i rows", (blockRows) => {
    for (const columns of [1, 3, 4, 21]) {
      const rows = 48;
      const x = floats(rows * columns, 4);
      x.set([Number.NaN, -0, 1e-44, Number.NEGATIVE_INFINITY].slice(0, columns), 5 * columns);
      const out = new Float32Array(x.length);
      const found = floats(Math.ceil(rows / blockRows) * columns, 5);
      const expected = found.slice();
      runOnArrays(kernels, [x, out, found, expected], (a, b, magnitudes, searched) => {
        kernels.hadamardColumns(a, b, rows, columns, signs[2], magnitudes, blockRows);
        kernels.blockMagnitudes(b, rows, columns, columns, blockRows, 1, searched);
      });
      expect(bits(found)).toEqual(bits(expected));
    }
  });
});

const canonical = (x: number): number => (Number.isNaN(x) ? Number.NaN : x);
