import fc from "fast-check";
import {beforeAll, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {blockGrid} from "../../src/kernels/reference/blocks.js";
import {clipGradients} from "../../src/kernels/reference/clip-gradients.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const sizes = fc.integer({min: 1, max: 19});

test("clipGradients(gradient, x, …) equals the plain loop, for blocks of any shape", () => {
  fc.assert(
    fc.property(sizes, sizes, sizes, sizes, (rows, columns, blockRows, blockColumns) => {
      const [matrix, block] = [
        {rows, columns},
        {rows: blockRows, columns: blockColumns},
      ];
      const grid = blockGrid(matrix, block);
      const [gradient, x] = [floats(rows * columns, 1), floats(rows * columns, 2)];
      x[0] = Number.NaN;
      const limits = floats(grid.rows * grid.columns, 3).map(Math.abs);
      const expected = gradient.slice();
      clipGradients(expected, x, matrix, block, limits);
      runOnArrays(kernels, [gradient, x, limits], (gradient, x, limits) =>
        kernels.clipGradients(gradient, x, rows, columns, columns, blockRows, blockColumns, limits),
      );
      expect(bits(gradient)).toEqual(bits(expected));
    }),
  );
});
