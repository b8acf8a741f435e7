import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {blockGrid} from "../../src/kernels/reference/blocks.js";
import {
  applyCast,
  type CastUse,
  hasOwnScales,
  isSymmetric,
  scaleBlock,
} from "../../src/precision/apply-cast.js";
import {parseCast} from "../../src/precision/parse-cast.js";
import {bits, floats, runOnArrays} from "../kernels/run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const [rows, columns] = [48, 80];
const x = floats(rows * columns, 1).map((value, i) => value * 2 ** (i % 9));

const transpose = (values: Float32Array, width: number): Float32Array => {
  const height = values.length / width;
  return values.map((_, i) => values[(i % height) * width + Math.floor(i / height)]);
};

function cast(text: string, values: Float32Array, width: number, use: CastUse = {}): Float32Array {
  const result = values.slice();
  const shape = {rows: values.length / width, columns: width};
  runOnArrays(kernels, [result], (address) =>
    applyCast(kernels, parseCast(text), address, address, shape, use),
  );
  return result;
}

const deterministic = [
  ...["e4m3fn", "e5m2 0.125", "e4m3fn tensor", "int2sym mean", "e4m3fn tensor,fp32", "int8 row"],
  ...["mxfp8", "mxfp4 hadamard", "deepseek-activation", "e4m3fn block:128x128,pow2", "nvfp4 hadamard"],
  ...["e2m1 nvfp4,2d", "e2m1 nvfp4,row-outer", "e2m1 nvfp4,four-over-six", "fp32 hadamard"],
  ...["mxfp4 mx,prescale=0.75", "mxfp4 mx,prescale=0.75 hadamard"],
];

describe("applyCast(kernels, cast, input, output, shape, {along})", () => {
  it.each(deterministic)(
    "casts down the columns what it casts along the rows of the transpose: %s",
    (text) => {
      const down = cast(text, x, columns, {along: "columns"});
      const along = cast(text, transpose(x, columns), rows);
      expect(bits(down)).toEqual(bits(transpose(along, rows)));
    },
  );

  it("does so for more blocks than the kernels have room for", () => {
    const wide = new Float32Array(16 * 131_080);
    wide.set(x);
    wide[wide.length - 1] = 3e4;
    const down = cast("nvfp4 hadamard", wide, 131_080, {along: "columns"});
    const expected = bits(transpose(cast("nvfp4 hadamard", transpose(wide, 131_080), 16), 16));
    expect(bits(down).findIndex((code, i) => code !== expected[i])).toBe(-1);
  });

  it.each(deterministic)("gives the values that elements and scales apart stand for: %s", (text) => {
    const how = parseCast(text);
    for (const along of ["rows", "columns"] as const) {
      if (!hasOwnScales(how, along)) continue;
      const shape = {rows, columns};
      const block = scaleBlock(how, shape, along);
      const grid = blockGrid(shape, block);
      const [elements, scales, outer] = [
        x.slice(),
        new Float32Array(grid.rows * grid.columns),
        new Float32Array(rows),
      ];
      runOnArrays(kernels, [elements, scales, outer], (address, blocks, outer) =>
        applyCast(kernels, how, address, address, shape, {along, stage: "elements", scales: {blocks, outer}}),
      );
      const isByRow = how.scaling.kind === "blocks" && how.scaling.quantizer.scaling.outer === "row";
      const values = elements.map((q, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns];
        const at = Math.floor(row / block.rows) * grid.columns + Math.floor(column / block.columns);
        return Math.fround(q * scales[at]) * outer[isByRow ? row : 0];
      });
      const expected = cast(text, x, columns, {along});
      // Without blocks, values are divided by what they were multiplied by.
      const tolerance = how.scaling.kind === "blocks" ? 0 : 2 ** -23;
      values.forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(tolerance * Math.abs(expected[i]));
      });
    }
  });

  it("casts with the delayed scale that it is given", () => {
    const scaled = cast("e4m3fn delayed", x, columns, {scale: 4});
    expect(bits(scaled)).toEqual(bits(cast("e4m3fn 4", x, columns)));
  });

  it("has the random bits of the place", () => {
    const at = (step: number) => cast("mxfp4 stochastic", x, columns, {random: {seed: 1, stream: 2, step}});
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
  });

  it("refuses a Hadamard transform of a dimension that is no multiple of 16", () => {
    expect(() => cast("mxfp4 hadamard", x.subarray(0, 40), 20)).toThrow(/multiple of 16 columns, not 20/);
  });
});

it("isSymmetric(cast) tells casts that do not depend on where the sum runs", () => {
  const symmetric = ["e4m3fn", "e4m3fn tensor", "e4m3fn delayed", "e4m3fn tensor,fp32", "deepseek-weight"];
  expect([...symmetric, "e2m1 nvfp4,2d"].map((text) => isSymmetric(parseCast(text)))).not.toContain(false);
  const directed = ["int8 row", "mxfp8", "nvfp4", "deepseek-activation", "fp32 hadamard"];
  expect(directed.map((text) => isSymmetric(parseCast(text)))).not.toContain(true);
});
