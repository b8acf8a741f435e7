import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../../src/kernels/kernels.js";
import {exactDot} from "../../../src/kernels/reference/exact-sum.js";
import {precisions} from "../../../src/kernels/reference/precision.js";
import {matmul} from "../../../src/precision/units/matmul.js";
import {operandFormat, operandValues} from "../../../src/precision/units/operands.js";
import {matrixCases} from "../../fixtures/tensor-core/load.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

describe("matmul(kernels, unit, input, options)", () => {
  test.each([...matrixCases("h200"), ...matrixCases("h200-wide"), ...matrixCases("h100")])(
    "reproduces what an $gpu returned, in every bit: $name",
    ({m, k, n, aType, bType, a, b, recordings}) => {
      const input = {
        ...{m, k, n},
        a: operandValues(a, operandFormat(aType)),
        b: operandValues(b, operandFormat(bType)),
      };
      for (const {unit, output, promotion, c, result} of recordings) {
        const computed = matmul(kernels, unit, {...input, c}, {aType, bType, output, promotion});
        expect(differences(computed, result), `${unit} to ${output}`).toEqual([]);
      }
    },
  );

  const float = fc.oneof(
    fc.float(),
    fc.float({noNaN: true, noDefaultInfinity: true}),
    fc.float({min: -4, max: 4, noNaN: true}),
    fc.constantFrom(0, -0, 2 ** -149, -(2 ** 127), 1 + 2 ** -23),
  );

  test("exact rounds the exact sum once, for any float32 values", () => {
    const product = fc.integer({min: 0, max: 12}).chain((k) =>
      fc.record({
        a: fc.array(float, {minLength: 2 * k, maxLength: 2 * k}),
        b: fc.array(float, {minLength: 3 * k, maxLength: 3 * k}),
        c: fc.array(float, {minLength: 6, maxLength: 6}),
        output: fc.constantFrom("fp32", "fp16", "bf16"),
      }),
    );
    fc.assert(
      fc.property(product, ({a, b, c, output}) => {
        const k = a.length / 2;
        const input = {
          m: 2,
          k,
          n: 3,
          a: Float32Array.from(a),
          b: Float32Array.from(b),
          c: Float32Array.from(c),
        };
        const computed = matmul(kernels, "exact", input, {output});
        const expected = Array.from({length: 6}, (_, i) => {
          const column = Array.from({length: k}, (_, p) => b[3 * p + (i % 3)]);
          return exactDot(
            a.slice(k * Math.floor(i / 3), k * Math.floor(i / 3) + k),
            column,
            c[i],
            precisions[output],
          );
        });
        expect([...computed]).toEqual(expected);
      }),
      {numRuns: 2000},
    );
  });

  test("exact sees a cancellation and a tie that float32 and double precision miss", () => {
    const one = {m: 1, n: 1, k: 3};
    const cancelling = {
      ...one,
      a: Float32Array.of(2 ** 100, 1, -(2 ** 100)),
      b: Float32Array.of(1, 2 ** -100, 1),
    };
    expect(matmul(kernels, "exact", cancelling)[0]).toBe(2 ** -100);
    expect(matmul(kernels, "fp32", cancelling)[0]).toBe(0);
    const aboveTie = {...one, a: Float32Array.of(1, 2 ** -24, 2 ** -90), b: Float32Array.of(1, 1, 2 ** -50)};
    expect(matmul(kernels, "exact", aboveTie)[0]).toBe(1 + 2 ** -23);
  });

  test("fp32 multiplies and adds in float32, in the order of K, from C", () => {
    const [m, n, k] = [3, 5, 40];
    const random = (length: number, seed: number) =>
      Float32Array.from({length}, (_, i) => Math.sin(i * 7.3 + seed));
    const [a, b, c] = [random(m * k, 1), random(k * n, 2), random(m * n, 3)];
    const expected = c.slice();
    for (let p = 0; p < k; p++) {
      for (let i = 0; i < m * n; i++) {
        expected[i] += Math.fround(a[Math.floor(i / n) * k + p] * b[p * n + (i % n)]);
      }
    }
    expect([...matmul(kernels, "fp32", {m, n, k, a, b, c})]).toEqual([...expected]);
  });

  test("an empty sum is C, or zero", () => {
    const empty = {m: 1, n: 2, k: 0, a: new Float32Array(), b: new Float32Array()};
    for (const unit of ["h100-wgmma", "h100-mma", "h100-cublaslt"]) {
      expect([...matmul(kernels, unit, empty, {aType: "e4m3"})]).toEqual([0, 0]);
      const c = Float32Array.of(1.5, -3);
      expect([...matmul(kernels, unit, {...empty, c}, {aType: "e4m3"})]).toEqual([1.5, -3]);
    }
  });
});

/** The first few elements that differ, NaN by class. */
function differences(computed: Float32Array, recorded: Float32Array): string[] {
  const found: string[] = [];
  for (let i = 0; i < recorded.length && found.length < 4; i++) {
    if (!Object.is(computed[i], recorded[i])) found.push(`${i}: ${computed[i]} for ${recorded[i]}`);
  }
  return found.concat(computed.length === recorded.length ? [] : ["lengths differ"]);
}
