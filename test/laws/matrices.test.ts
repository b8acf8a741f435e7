import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {solveInPlace} from "../../src/laws/cholesky.js";
import {symmetricEigen} from "../../src/laws/eigen.js";

/** AᵀA of a random matrix with one row more than columns. */
const gram = fc.integer({min: 1, max: 6}).chain((size) =>
  fc
    .array(fc.double({min: -3, max: 3, noNaN: true}), {
      minLength: size * (size + 1),
      maxLength: size * (size + 1),
    })
    .map((values) => {
      const matrix = new Float64Array(size * size);
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++)
          for (let k = 0; k <= size; k++) matrix[i * size + j] += values[k * size + i] * values[k * size + j];
      return {size, matrix};
    }),
);

const largest = (matrix: Float64Array) => matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe("symmetric matrices", () => {
  it("are the sum of their eigenvalues times eigenvectors, which stand at right angles", () => {
    fc.assert(
      fc.property(gram, ({size, matrix}) => {
        const {values, vectors} = symmetricEigen(matrix, size);
        const tolerance = 1e-12 * (1 + largest(matrix));
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            const sum = values.reduce((total, value, k) => total + value * vectors[k][i] * vectors[k][j], 0);
            expect(Math.abs(sum - matrix[i * size + j])).toBeLessThan(tolerance);
            const dot = vectors[i].reduce((total, value, k) => total + value * vectors[j][k], 0);
            expect(Math.abs(dot - Number(i === j))).toBeLessThan(1e-12);
          }
      }),
    );
  });

  it("that are positive definite are solved, and singular ones are refused", () => {
    fc.assert(
      fc.property(gram, ({size, matrix}) => {
        for (let i = 0; i < size; i++) matrix[i * size + i] += 1;
        const wanted = Float64Array.from({length: size}, (_, i) => i - 1.5);
        const vector = new Float64Array(size);
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) vector[i] += matrix[i * size + j] * wanted[j];
        expect(solveInPlace(matrix.slice(), vector, size)).toBe(true);
        vector.forEach((value, i) => {
          expect(value).toBeCloseTo(wanted[i], 8);
        });
      }),
    );
    expect(solveInPlace(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 1), 2)).toBe(false);
    expect(solveInPlace(Float64Array.of(-1), Float64Array.of(1), 1)).toBe(false);
    expect(solveInPlace(Float64Array.of(Number.NaN), Float64Array.of(1), 1)).toBe(false);
  });
});
