import * as aq from "arquero";
import {type Address, createKernels, type Kernels} from "../src/kernels/kernels.js";
import {unitGemm} from "../src/kernels/reference/unit-gemm.js";
import {quantize, quantizer} from "../src/precision/quantizer.js";
import {accumulatorRacers, type OperandPair, operandPairs, type Racer} from "./accumulator-racers.js";

/** What is multiplied: normal numbers of spread 1, of which one or both factors lose their sign. */
export const raceData = ["non-negative", "relu", "signed"] as const;
export type RaceData = (typeof raceData)[number];

/** Lengths of the dot products: powers of two. */
export const lengths = Array.from({length: 9}, (_, i) => 32 << i);
const longest = lengths.at(-1)!;

/** Dot products of each length: every row of one matrix with every row of another. */
const side = 4;
const seed = 1;

/** The matrices of one race in the memory of the kernels: `side` rows of the longest length each. */
interface Operands {
  readonly a: Address;
  readonly b: Address;
}

/**
 * Errors of accumulators against the exact dot product, one row for each data, operands, racer and length: data,
 * operands, racer, k, count of dot products, and their bias and rms. Both are relative to the root mean square of the
 * exact results: bias is the mean of the errors, rms the root of the mean of their squares.
 */
export async function accumulatorRaceTable() {
  const kernels = await createKernels();
  const address = () => kernels.allocate(4 * side * longest);
  const operands = {a: address(), b: address()};
  const out = kernels.allocate(4 * side * side);
  const rows = raceData.flatMap((data) =>
    (Object.keys(operandPairs) as OperandPair[]).flatMap((pair) => {
      fill(kernels, operands, data, pair);
      const racers = accumulatorRacers(pair);
      return lengths.flatMap((k) => {
        const exact = exactProducts(kernels, operands, k);
        return racers.map((racer) => {
          const results = multiply(kernels, racer, operands, out, k) ?? exact.map(Math.fround);
          return {
            data,
            operands: pair,
            racer: racer.racer,
            k,
            count: exact.length,
            ...errors(results, exact),
          };
        });
      });
    }),
  );
  return aq.from(rows);
}

/** Draws both matrices anew; what the formats cannot hold is rounded to nearest even. */
function fill(kernels: Kernels, {a, b}: Operands, data: RaceData, pair: OperandPair): void {
  const count = side * longest;
  const isPositive = {a: data === "non-negative", b: data === "non-negative"};
  for (const [stream, name] of (["a", "b"] as const).entries()) {
    const address = {a, b}[name];
    kernels.randomNormal(address, count, 0, 1, seed, stream, 0);
    const values = kernels.float32(address, count);
    if (isPositive[name]) for (let i = 0; i < count; i++) values[i] = Math.abs(values[i]);
    if (data === "relu" && name === "a") for (let i = 0; i < count; i++) values[i] = Math.max(values[i], 0);
    const format = operandPairs[pair][stream];
    quantize(kernels, quantizer(format === "e4m3" ? "e4m3fn" : format), address, address, count);
  }
}

/** The products in double precision, whose own error is a billionth of the smallest that is measured. */
function exactProducts(kernels: Kernels, {a, b}: Operands, k: number): Float64Array {
  const [left, right] = [a, b].map((address) => kernels.float32(address, side * longest));
  const products = new Float64Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += left[i * longest + p] * right[j * longest + p];
      products[i * side + j] = sum;
    }
  }
  return products;
}

/** The first `k` products of every pair of rows, as the racer adds them up; undefined for the exact one. */
function multiply(
  kernels: Kernels,
  {racer, resolved}: Racer,
  {a, b}: Operands,
  out: Address,
  k: number,
): Float32Array | undefined {
  if (racer === "exact") return undefined;
  if (resolved) {
    const c = {data: kernels.float32(out, side * side), stride: side};
    unitGemm(
      {m: side, n: side, k},
      {data: kernels.float32(a, side * longest), stride: longest},
      {data: kernels.float32(b, side * longest), stride: longest, transposed: true},
      c,
      resolved.arithmetic,
    );
  } else kernels.gemm(0, 1, side, side, k, a, longest, b, longest, out, side, 1, 0);
  return kernels.float32(out, side * side).slice();
}

function errors(results: Float32Array | Float64Array, exact: Float64Array): {bias: number; rms: number} {
  let sum = 0;
  let squares = 0;
  let scale = 0;
  for (const [i, truth] of exact.entries()) {
    const error = results[i] - truth;
    sum += error;
    squares += error * error;
    scale += truth * truth;
  }
  const count = exact.length;
  const size = Math.sqrt(scale / count);
  return {bias: sum / count / size, rms: Math.sqrt(squares / count) / size};
}
