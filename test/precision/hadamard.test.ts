import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {hadamard} from "../../src/kernels/reference/hadamard.js";
import {
  hadamardTransform,
  randomSigns,
  signsOf,
  transformerEngineSigns,
} from "../../src/precision/hadamard.js";
import {bits, floats, runOnArrays} from "../kernels/run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const [rows, columns] = [32, 48];
const x = floats(rows * columns, 4);

function transformed(signs: number, along: "rows" | "columns"): Float32Array {
  const out = new Float32Array(x.length);
  runOnArrays(kernels, [x, out], (a, b) => hadamardTransform(kernels, signs, a, b, {rows, columns}, along));
  return out;
}

describe("the random Hadamard transform", () => {
  test("has the signs of TransformerEngine", () => {
    expect(transformerEngineSigns).toBe(0b1101_0111_1110_1000);
    const unit = new Float32Array(16);
    unit[3] = 4;
    expect([...hadamard(unit, transformerEngineSigns)].slice(0, 4)).toEqual([-1, 1, 1, -1]);
  });

  test("works along rows and along columns", () => {
    const alongRows = transformed(transformerEngineSigns, "rows");
    expect(bits(alongRows.slice(48, 64))).toEqual(bits(hadamard(x.slice(48, 64), transformerEngineSigns)));
    const alongColumns = transformed(transformerEngineSigns, "columns");
    const column = (y: Float32Array) => Float32Array.from({length: 16}, (_, i) => y[(16 + i) * columns + 5]);
    expect(bits(column(alongColumns))).toEqual(bits(hadamard(column(x), transformerEngineSigns)));
  });

  test("leaves the product of two transformed operands as it was", () => {
    const y = transformed(transformerEngineSigns, "rows");
    const dot = (a: Float32Array, i: number, j: number) => {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += a[i * columns + k] * a[j * columns + k];
      return sum;
    };
    for (const [i, j] of [
      [0, 0],
      [1, 7],
      [30, 31],
    ]) {
      expect(dot(y, i, j)).toBeCloseTo(dot(x, i, j), 5);
    }
  });

  test("takes signs from a seed", () => {
    const place = {seed: 1, stream: 2, step: 3};
    expect(randomSigns(kernels, place)).toBe(randomSigns(kernels, place));
    const all = Array.from({length: 64}, (_, step) => randomSigns(kernels, {...place, step}));
    expect(new Set(all).size).toBe(64);
    const negative = all.reduce(
      (sum, signs) => sum + [...signs.toString(2)].filter((bit) => bit === "1").length,
      0,
    );
    expect(Math.abs(negative - 512)).toBeLessThan(4 * 16); // four standard deviations of 1024 coin flips
    expect(signsOf([1, -1, -1])).toBe(0b110);
  });

  test("refuses lengths that are no multiple of 16", () => {
    const run = (along: "rows" | "columns") => () =>
      hadamardTransform(kernels, 0, 0, 0, {rows: 20, columns: 17}, along);
    expect(run("rows")).toThrow("a multiple of 16 columns, not 17");
    expect(run("columns")).toThrow("a multiple of 16 rows, not 20");
  });
});
