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

test("scaledGemm(…) scales what the plain product gives, and adds it to C or puts it there", () => {
  const size = fc.integer({min: 1, max: 50});
  const depth = fc.oneof(size, fc.constantFrom(128, 511, 512));
  fc.assert(
    fc.property(
      ...([size, size, depth, fc.constantFrom(...transposes)] as const),
      ...([fc.constantFrom(1, 0.3), fc.boolean(), fc.integer({min: 0, max: 3})] as const),
      (m, n, k, {transposeA, transposeB}, factor, accumulate, gap) => {
        const [lda, ldb, ldc] = [(transposeA ? m : k) + gap, (transposeB ? k : n) + gap, n + gap];
        const a = floats((transposeA ? k : m) * lda, 1);
        const b = floats((transposeB ? n : k) * ldb, 2);
        const c = floats(m * ldc, 3);
        const scales = [floats(m, 4), floats(n, 5)] as const;
        const expected = c.slice();
        const product = new Float32Array(m * n);
        gemm(
          {m, n, k},
          {data: a, stride: lda, transposed: transposeA},
          {data: b, stride: ldb, transposed: transposeB},
          {data: product, stride: n},
        );
        for (let i = 0; i < m; i++) {
          const row = expected.subarray(i * ldc, i * ldc + n);
          const rowScales = [scales[0].subarray(i), scales[1]] as const;
          scaleProduct(product.subarray(i * n), rowScales, row, {rows: 1, columns: n}, {factor, accumulate});
        }
        runOnArrays(kernels, [a, b, ...scales, c], (a, b, r, s, c) =>
          kernels.scaledGemm(
            ...([+transposeA, +transposeB, m, n, k, a, lda, b, ldb, r, s, c, ldc] as const),
            ...([factor, +accumulate] as const),
          ),
        );
        expect(bits(c)).toEqual(bits(expected));
      },
    ),
    {numRuns: 200},
  );
});
