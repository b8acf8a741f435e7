import fc from "fast-check";
import {beforeAll, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {gemm} from "../../src/kernels/reference/gemm.js";
import {scaleProduct} from "../../src/kernels/reference/scale-product.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const transposes = [
  {transposeA: false, transposeB: false},
  {transposeA: false, transposeB: true},
  {transposeA: true, transposeB: false},
];

test("scaledGemm(…) scales each part of the sum, and adds it to C or puts it there", () => {
  const size = fc.integer({min: 1, max: 50});
  const depth = fc.oneof(size, fc.constantFrom(128, 511, 512));
  const length = fc.oneof(fc.integer({min: 16, max: 64}), fc.constantFrom(128, 512));
  fc.assert(
    fc.property(
      ...([size, size, depth, length, fc.constantFrom(...transposes)] as const),
      ...([fc.constantFrom(1, 0.3), fc.boolean(), fc.integer({min: 0, max: 3})] as const),
      (m, n, k, part, {transposeA, transposeB}, factor, accumulate, gap) => {
        const [lda, ldb, ldc] = [(transposeA ? m : k) + gap, (transposeB ? k : n) + gap, n + gap];
        const a = floats((transposeA ? k : m) * lda, 1);
        const b = floats((transposeB ? n : k) * ldb, 2);
        const c = floats(m * ldc, 3);
        const parts = Math.ceil(k / part);
        const [rowScales, columnScales] = [floats(parts * m, 4), floats(parts * n, 5)];
        const expected = c.slice();
        const product = new Float32Array(m * n);
        for (let i = 0; i < parts; i++) {
          const [start, end] = [i * part, Math.min((i + 1) * part, k)];
          gemm(
            {m, n, k: end - start},
            {data: a.subarray(start * (transposeA ? lda : 1)), stride: lda, transposed: transposeA},
            {data: b.subarray(start * (transposeB ? 1 : ldb)), stride: ldb, transposed: transposeB},
            {data: product, stride: n},
          );
          const how = {factor: end === k ? factor : 1, accumulate: accumulate || i > 0};
          for (let row = 0; row < m; row++) {
            const scales = [rowScales.subarray(i * m + row), columnScales.subarray(i * n)] as const;
            const target = expected.subarray(row * ldc, row * ldc + n);
            scaleProduct(product.subarray(row * n), scales, target, {rows: 1, columns: n}, how);
          }
        }
        runOnArrays(kernels, [a, b, rowScales, columnScales, c], (a, b, r, s, c) =>
          kernels.scaledGemm(
            ...([+transposeA, +transposeB, m, n, k, a, lda, b, ldb, part, r, s, c, ldc] as const),
            ...([factor, +accumulate] as const),
          ),
        );
        expect(bits(c)).toEqual(bits(expected));
      },
    ),
    {numRuns: 200},
  );
});
