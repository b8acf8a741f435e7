import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {gemm} from "../../src/kernels/reference/gemm.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly alpha: number;
  readonly accumulate: boolean;
  /** Elements between the end of a row and the start of the next. */
  readonly gap: number;
}

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const plain = {transposeA: false, transposeB: false, alpha: 1, accumulate: false, gap: 0};
const transposes = [
  {transposeA: false, transposeB: false},
  {transposeA: false, transposeB: true},
  {transposeA: true, transposeB: false},
];

/** The product of pseudorandom matrices by the kernel and by the plain loop, both with what lies between the rows. */
function products({m, n, k, transposeA, transposeB, alpha, accumulate, gap}: Product) {
  const [rowsA, columnsA] = transposeA ? [k, m] : [m, k];
  const [rowsB, columnsB] = transposeB ? [n, k] : [k, n];
  const [lda, ldb, ldc] = [columnsA + gap, columnsB + gap, n + gap];
  const a = floats(rowsA * lda, 1);
  const b = floats(rowsB * ldb, 2);
  const byKernel = floats(m * ldc, 3);
  const byLoop = byKernel.slice();
  runOnArrays(kernels, [a, b, byKernel], (a, b, c) =>
    kernels.gemm(+transposeA, +transposeB, m, n, k, a, lda, b, ldb, c, ldc, alpha, +accumulate),
  );
  gemm(
    {m, n, k},
    {data: a, stride: lda, transposed: transposeA},
    {data: b, stride: ldb, transposed: transposeB},
    {data: byLoop, stride: ldc},
    {alpha, accumulate},
  );
  return {byKernel, byLoop};
}

function expectSameBits(product: Product): void {
  const {byKernel, byLoop} = products(product);
  expect(bits(byKernel), JSON.stringify(product)).toEqual(bits(byLoop));
}

describe("gemm(…)", () => {
  test("equals the plain loop bit for bit for any small sizes, in all transposes", () => {
    const size = fc.integer({min: 1, max: 40});
    const product = fc.record({
      m: size,
      n: size,
      k: fc.integer({min: 0, max: 40}),
      transpose: fc.constantFrom(...transposes),
      sum: fc.constantFrom({alpha: 1, accumulate: true}, {alpha: 0.3, accumulate: false}),
      gap: fc.constantFrom(0, 3),
    });
    fc.assert(
      fc.property(product, ({transpose, sum, ...sizes}) => expectSameBits({...sizes, ...transpose, ...sum})),
      {numRuns: 250},
    );
  });

  test.each(transposes)("equals the plain loop across the blocks of the caches, %o", (transpose) => {
    for (const [m, n, k] of [
      [67, 33, 1100],
      [203, 17, 513],
      [192, 24, 600],
      [11, 530, 70],
      [300, 9, 512],
      [1, 1, 2000],
      [13, 65, 257],
      [8, 96, 40],
      [5, 111, 16],
    ]) {
      expectSameBits({...plain, ...transpose, m, n, k, gap: 1});
      expectSameBits({...plain, ...transpose, m, n, k, accumulate: true});
    }
  });

  test("gives the same rows whatever the other rows are", () => {
    const [m, n, k] = [53, 21, 700];
    const a = floats(m * k, 4);
    const b = floats(k * n, 5);
    const whole = new Float32Array(m * n);
    runOnArrays(kernels, [a, b, whole], (a, b, c) => kernels.gemm(0, 0, m, n, k, a, k, b, n, c, n, 1, 0));
    for (const split of [1, 2, 20, 37, 50]) {
      const parts = new Float32Array(m * n);
      runOnArrays(kernels, [a, b, parts], (a, b, c) => {
        kernels.gemm(0, 0, split, n, k, a, k, b, n, c, n, 1, 0);
        const rest = 4 * split;
        kernels.gemm(0, 0, m - split, n, k, a + rest * k, k, b, n, c + rest * n, n, 1, 0);
      });
      expect(bits(parts)).toEqual(bits(whole));
    }
  });

  test("continues a sum: k in two calls is k in one", () => {
    const [m, n, k, first] = [19, 13, 90, 31];
    const a = floats(m * k, 6);
    const b = floats(k * n, 7);
    const once = new Float32Array(m * n);
    const twice = new Float32Array(m * n);
    runOnArrays(kernels, [a, b, once, twice], (a, b, once, twice) => {
      kernels.gemm(0, 0, m, n, k, a, k, b, n, once, n, 1, 0);
      kernels.gemm(0, 0, m, n, first, a, k, b, n, twice, n, 1, 0);
      kernels.gemm(0, 0, m, n, k - first, a + 4 * first, k, b + 4 * first * n, n, twice, n, 1, 1);
    });
    expect(bits(twice)).toEqual(bits(once));
  });

  test("writes zeros for an empty sum and keeps C when it accumulates one", () => {
    const c = Float32Array.of(1, 2, 3, 4);
    runOnArrays(kernels, [c], (c) => kernels.gemm(0, 0, 2, 2, 0, 0, 0, 0, 2, c, 2, 1, 1));
    expect([...c]).toEqual([1, 2, 3, 4]);
    runOnArrays(kernels, [c], (c) => kernels.gemm(0, 0, 2, 2, 0, 0, 0, 0, 2, c, 2, 1, 0));
    expect([...c]).toEqual([0, 0, 0, 0]);
  });

  test("lets an infinity or NaN of A reach its row of C and no other", () => {
    const [m, n, k] = [9, 10, 6];
    const a = floats(m * k, 8);
    a[3 * k + 2] = Number.NaN;
    a[7 * k + 5] = Number.POSITIVE_INFINITY;
    const c = new Float32Array(m * n);
    runOnArrays(kernels, [a, floats(k * n, 9), c], (a, b, c) =>
      kernels.gemm(0, 0, m, n, k, a, k, b, n, c, n, 1, 0),
    );
    const finiteRows = Array.from({length: m}, (_, i) => c.subarray(i * n, i * n + n).every(Number.isFinite));
    expect(finiteRows).toEqual(Array.from({length: m}, (_, i) => i !== 3 && i !== 7));
  });
});

describe("registerPeak(…)", () => {
  test("does its arithmetic: the sum grows with the iterations", () => {
    // Every rotation of (p, q, r, t) = (1, 1.5, 0.5, 0.25) has the same sum p² + pq + pr + … + t² = 7.0625.
    expect(kernels.registerPeak(4)).toBe(4 * 7.0625);
  });
});
