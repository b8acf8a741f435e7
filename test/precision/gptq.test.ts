import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {gptq, inverseFactor} from "../../src/precision/gptq.js";
import {gridRounding} from "../../src/precision/grid-rounding.js";
import {parseCast} from "../../src/precision/parse-cast.js";

interface Reference {
  readonly inputs: number;
  readonly outputs: number;
  readonly samples: number;
  readonly cases: readonly {readonly cast: string; readonly elements: readonly number[]}[];
}
const reference: Reference = JSON.parse(
  readFileSync(new URL("../fixtures/torch/gptq.json", import.meta.url), "utf8"),
);

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** Whole numbers from -128 to 127, as in the script. */
const integers = (seed: number, count: number): number[] =>
  Array.from({length: count}, (_, i) => {
    const mixed = Math.imul(i + 1, 2654435761 + 2 * seed) >>> 0;
    return (Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 24) - 128;
  });

function referenceData() {
  const {inputs, outputs, samples} = reference;
  const x = integers(1, samples * inputs);
  for (let i = 1; i < inputs; i++) {
    for (let row = 0; row < samples; row++) {
      const at = row * inputs + i;
      if (i % 4 !== 0) x[at] += 2 * x[at - 1];
    }
  }
  for (let row = 0; row < samples; row++) {
    x[row * inputs + 5] = 0;
    x[row * inputs + 17] = 2 * x[row * inputs + 3];
  }
  const fine = integers(3, inputs * outputs);
  const weights = Float32Array.from(
    integers(2, inputs * outputs),
    (coarse, i) => (coarse / 512 + fine[i] / 65536) * (i % outputs === 4 ? 1 / 1024 : 1),
  );
  return {weights, hessian: productsOf(x, inputs, 2)};
}

/** factor · XᵀX */
function productsOf(x: readonly number[] | Float32Array, size: number, factor = 1): Float64Array {
  const hessian = new Float64Array(size * size);
  for (let start = 0; start < x.length; start += size) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) hessian[i * size + j] += factor * x[start + i] * x[start + j];
    }
  }
  return hessian;
}

function normal(count: number, seed: number): Float32Array {
  const mark = kernels.mark();
  const address = kernels.allocate(4 * count);
  kernels.randomNormal(address, count, 0, 1, seed, 0, 0);
  const values = kernels.float32(address, count).slice();
  kernels.release(mark);
  return values;
}

const shape = {rows: 32, columns: 12};

/** Random weights, and inputs of which each has much in common with the others. */
function correlated(seed: number) {
  const weights = normal(shape.rows * shape.columns, seed);
  const own = normal(200 * shape.rows, seed + 1000);
  const common = normal(200 * 4, seed + 2000);
  const mix = normal(4 * shape.rows, seed + 3000);
  const x = own.map((value, at) => {
    const [row, i] = [Math.floor(at / shape.rows), at % shape.rows];
    return (
      0.3 * value + [0, 1, 2, 3].reduce((sum, k) => sum + common[row * 4 + k] * mix[k * shape.rows + i], 0)
    );
  });
  return {weights, hessian: productsOf(x, shape.rows)};
}

const quantize = (text: string, weights: Float32Array, hessians: readonly Float64Array[], size = shape) =>
  gptq(weights, size, hessians, gridRounding(parseCast(text), weights, size, "columns"));

function nearest(text: string, weights: Float32Array, size = shape): Float32Array {
  const round = gridRounding(parseCast(text), weights, size, "columns");
  return weights.map((value, i) => round(value, Math.floor(i / size.columns), i % size.columns));
}

/** ‖X (Ŵ − W)‖² */
function outputError(quantized: Float32Array, weights: Float32Array, hessian: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < shape.columns; j++) {
    const error = (i: number) => quantized[i * shape.columns + j] - weights[i * shape.columns + j];
    for (let i = 0; i < shape.rows; i++) {
      for (let k = 0; k < shape.rows; k++) sum += error(i) * hessian[i * shape.rows + k] * error(k);
    }
  }
  return sum;
}

describe("gptq(weights, shape, hessians, round)", () => {
  it.each(reference.cases)("gives the values of the paper's equations, solved by NumPy: $cast", (known) => {
    const {weights, hessian} = referenceData();
    const size = {rows: reference.inputs, columns: reference.outputs};
    const round = gridRounding(parseCast(known.cast), weights, size, "columns");
    const values = gptq(weights, size, [hessian], round);
    // The largest element decodes to the scale times a known number.
    const largest = known.cast.startsWith("e2m1") ? 6 : 2 ** (Number(known.cast[3]) - 1) - 1;
    const elements = [...values].map((value, at) => {
      const [i, j] = [Math.floor(at / size.columns), at % size.columns];
      return (value * largest) / round(1e30, i, j);
    });
    elements.forEach((element, i) => {
      expect(element).toBeCloseTo(known.elements[i], 4);
    });
  });

  it("rounds every weight to nearest where inputs have nothing in common", () => {
    const {weights} = correlated(1);
    const hessian = new Float64Array(shape.rows ** 2);
    for (let i = 0; i < shape.rows; i++) hessian[i * shape.rows + i] = i === 3 ? 0 : 1 + i;
    for (const text of ["int3 row", "mxfp4", "nvfp4", "nf4", "int4 block:1x8", "e4m3fn"]) {
      expect(quantize(text, weights, [hessian])).toEqual(nearest(text, weights));
    }
  });

  it.each(["int2 row", "int3 row", "int4 row", "mxfp4"])(
    "brings the outputs closer than rounding to nearest does: %s",
    (text) => {
      const ratios = Array.from({length: 30}, (_, seed) => {
        const {weights, hessian} = correlated(seed);
        const error = (values: Float32Array) => outputError(values, weights, hessian);
        return error(quantize(text, weights, [hessian])) / error(nearest(text, weights));
      });
      expect(ratios.filter((ratio) => ratio < 1)).toHaveLength(30);
      expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / 30).toBeLessThan(0.5);
    },
  );

  it("changes next to nothing with sixteen bits", () => {
    const {weights, hessian} = correlated(5);
    const values = quantize("int16 row", weights, [hessian]);
    const largest = Math.max(...weights.map((value, i) => Math.abs(values[i] - value)));
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(1e-3);
  });

  it("works through the inputs in order: the first is rounded to nearest, and only later ones make up for it", () => {
    const {weights, hessian} = correlated(6);
    const values = quantize("int3 row", weights, [hessian]);
    const plain = nearest("int3 row", weights);
    const first = (matrix: Float32Array) => matrix.slice(0, shape.columns);
    expect(first(values)).toEqual(first(plain));
    expect(values).not.toEqual(plain);
    // Another last input changes nothing before it, as long as the scales stay.
    const other = weights.slice();
    const last = (shape.rows - 1) * shape.columns;
    for (let j = last; j < other.length; j++) other[j] *= 0.5;
    const round = gridRounding(parseCast("int3 row"), weights, shape, "columns");
    expect(gptq(other, shape, [hessian], round).slice(0, last)).toEqual(values.slice(0, last));
  });

  it("rounds the weights of an input that is always zero to nearest", () => {
    const {weights, hessian} = correlated(7);
    for (let i = 0; i < shape.rows; i++) hessian[9 * shape.rows + i] = hessian[i * shape.rows + 9] = 0;
    const row = (matrix: Float32Array) => matrix.slice(9 * shape.columns, 10 * shape.columns);
    expect(row(quantize("int3 row", weights, [hessian]))).toEqual(row(nearest("int3 row", weights)));
  });

  it("leaves weights that are on the grid where they are", () => {
    const {weights, hessian} = correlated(8);
    const once = quantize("int4 tensor,pow2", weights, [hessian]);
    expect(quantize("int4 tensor,pow2", once, [hessian])).toEqual(once);
  });

  it("does not depend on the unit of the Hessian", () => {
    const {weights, hessian} = correlated(9);
    const values = quantize("int3 row", weights, [hessian]);
    expect(quantize("int3 row", weights, [hessian.map((value) => value * 2 ** -20)])).toEqual(values);
  });

  it("treats groups of outputs, which have inputs of their own, as layers of their own", () => {
    const [{weights, hessian}, {hessian: other}] = [correlated(10), correlated(11)];
    const half = shape.columns / 2;
    const inHalf = (which: number) => (_: number, i: number) =>
      Math.floor((i % shape.columns) / half) === which;
    const together = quantize("int3 row", weights, [hessian, other]);
    [hessian, other].forEach((own, which) => {
      const size = {...shape, columns: half};
      const alone = quantize("int3 row", weights.filter(inHalf(which)), [own], size);
      expect(together.filter(inHalf(which))).toEqual(alone);
    });
  });

  it("rounds to nearest where there is nothing to go by: no inputs, or ones that are not finite", () => {
    const {weights} = correlated(12);
    for (const value of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
      const hessian = new Float64Array(shape.rows ** 2).fill(value);
      expect(quantize("int3 row", weights, [hessian])).toEqual(nearest("int3 row", weights));
    }
  });
});

describe("inverseFactor(hessian, size)", () => {
  it("is upper triangular, and the inverse is its transpose times itself", () => {
    const size = shape.rows;
    const {hessian} = correlated(13);
    const u = inverseFactor(hessian, size)!;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) expect(u[i * size + j]).toBe(0);
    }
    const entry = (f: (k: number) => number) =>
      Array.from({length: size}, (_, k) => f(k)).reduce((sum, term) => sum + term, 0);
    const inverse = (i: number, j: number) => entry((k) => u[k * size + i] * u[k * size + j]);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const product = entry((k) => hessian[i * size + k] * inverse(k, j));
        expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-8);
      }
    }
  });

  it("is undefined for a matrix that is not positive definite", () => {
    expect(inverseFactor(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
    expect(inverseFactor(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined();
  });
});
