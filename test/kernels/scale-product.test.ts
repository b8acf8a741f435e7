import fc from "fast-check";
import {beforeAll, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {scaleProduct} from "../../src/kernels/reference/scale-product.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const sizes = fc.integer({min: 1, max: 11});

test("scaleProduct(p, …, c, …) equals the plain loop, added to C or in its place", () => {
  fc.assert(
    fc.property(sizes, sizes, fc.constantFrom(1, 0.3), fc.boolean(), (m, n, factor, accumulate) => {
      const [p, c] = [floats(m * n, 1), floats(m * n, 2)];
      const scales = [floats(m, 3), floats(n, 4)] as const;
      const expected = c.slice();
      scaleProduct(p, scales, expected, {rows: m, columns: n}, {factor, accumulate});
      runOnArrays(kernels, [p, ...scales, c], (p, r, s, c) =>
        kernels.scaleProduct(p, n, r, s, c, n, m, n, factor, accumulate ? 1 : 0),
      );
      expect(bits(c)).toEqual(bits(expected));
    }),
  );
});

test("scaleProduct works in place, on columns of a wider matrix", () => {
  const [rows, width, n] = [3, 7, 5];
  const c = floats(rows * width, 1);
  const scales = [floats(rows, 3), floats(n, 4)] as const;
  const expected = c.slice();
  for (let i = 0; i < rows; i++) {
    const part = expected.subarray(i * width, i * width + n);
    scaleProduct(
      part.slice(),
      [scales[0].subarray(i), scales[1]],
      part,
      {rows: 1, columns: n},
      {factor: 1, accumulate: false},
    );
  }
  runOnArrays(kernels, [c, ...scales], (c, r, s) =>
    kernels.scaleProduct(c, width, r, s, c, width, rows, n, 1, 0),
  );
  expect(bits(c)).toEqual(bits(expected));
});
