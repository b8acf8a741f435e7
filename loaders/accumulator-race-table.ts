import * as aq from "arquero";
import {type Address, createKernels, type Kernels} from "../src/kernels/kernels.js";
import {multiplyByUnit, unitScratchBytes} from "../src/precision/units/unit-product.js";
import {
  allocateOperands,
  drawOperands,
  exactDots,
  type Operands,
  operandKinds,
  relativeErrors,
} from "./accumulator-operands.js";
import {accumulatorRacers, type OperandPair, operandPairs, type Racer} from "./accumulator-racers.js";

/** Lengths of the dot products: powers of two. */
export const lengths = Array.from({length: 11}, (_, i) => 32 << i);

/** Rows of each matrix: every row of one is multiplied by every row of the other. */
const rows = 16;

/**
 * Errors of accumulators against the exact dot product, one row for each kind of data, format, racer and length: data,
 * operands, racer, k, count of dot products, and their bias and rms, see `relativeErrors`.
 */
export async function accumulatorRaceTable() {
  const kernels = await createKernels();
  const operands = allocateOperands(kernels, {rows, length: lengths.at(-1)!});
  const out = kernels.allocate(4 * rows * rows);
  const table = operandKinds.flatMap((data) =>
    (Object.keys(operandPairs) as OperandPair[]).flatMap((pair) => {
      drawOperands(kernels, operands, data, pair);
      const racers = accumulatorRacers(pair);
      return lengths.flatMap((k) => {
        const exact = exactDots(kernels, operands, k);
        return racers.map((racer) => {
          const results = multiply(kernels, racer, operands, out, k) ?? exact.map(Math.fround);
          const {length: count} = exact;
          return {data, operands: pair, racer: racer.racer, k, count, ...relativeErrors(results, exact)};
        });
      });
    }),
  );
  return aq.from(table);
}

/** The first `k` products of every pair of rows, as the racer adds them up; undefined for the exact one. */
function multiply(
  kernels: Kernels,
  {racer, resolved}: Racer,
  {a, b, rows, length}: Operands,
  out: Address,
  k: number,
): Float32Array | undefined {
  if (racer === "exact") return undefined;
  if (resolved) {
    const sizes = {m: rows, n: rows, k, a, lda: length, b, ldb: length, c: out, ldc: rows};
    const mark = kernels.mark();
    const scratch = kernels.allocate(unitScratchBytes(kernels, resolved.arithmetic, sizes));
    multiplyByUnit(kernels, resolved.arithmetic, {...sizes, transposeB: true}, scratch);
    kernels.release(mark);
  } else kernels.gemm(0, 1, rows, rows, k, a, length, b, length, out, rows, 1, 0);
  return kernels.float32(out, rows * rows).slice();
}
