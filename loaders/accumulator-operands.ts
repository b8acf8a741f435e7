import type {Address, Kernels} from "../src/kernels/kernels.js";
import {quantize, quantizer} from "../src/precision/quantizer.js";
import {type OperandPair, operandPairs} from "./accumulator-racers.js";

/** What is multiplied: normal numbers of spread 1, of which both, one or no factor loses its negative half. */
export const operandKinds = ["non-negative", "relu", "signed"] as const;
export type OperandKind = (typeof operandKinds)[number];

const seed = 1;

/** Two matrices of `rows` rows in the memory of the kernels; each row is one factor of dot products up to `length` long. */
export interface Operands {
  readonly a: Address;
  readonly b: Address;
  readonly rows: number;
  readonly length: number;
}

export function allocateOperands(kernels: Kernels, {rows, length}: {rows: number; length: number}): Operands {
  const address = () => kernels.allocate(4 * rows * length);
  return {a: address(), b: address(), rows, length};
}

/** Draws both matrices; what the formats cannot hold is rounded to nearest even. */
export function drawOperands(
  kernels: Kernels,
  {a, b, rows, length}: Operands,
  kind: OperandKind,
  pair: OperandPair,
): void {
  const count = rows * length;
  const change = {
    "non-negative": [Math.abs, Math.abs],
    relu: [(x: number) => Math.max(x, 0), undefined],
    signed: [],
  }[kind];
  for (const [stream, address] of [a, b].entries()) {
    kernels.randomNormal(address, count, 0, 1, seed, stream, 0);
    const values = kernels.float32(address, count);
    if (change[stream]) for (let i = 0; i < count; i++) values[i] = change[stream](values[i]);
    const format = operandPairs[pair][stream];
    quantize(kernels, quantizer(format === "e4m3" ? "e4m3fn" : format), address, address, count);
  }
}

/**
 * The first `k` products of every row of A with every row of B, added in double precision, whose own error is a millionth
 * of the smallest that is measured.
 */
export function exactDots(kernels: Kernels, {a, b, rows, length}: Operands, k: number): Float64Array {
  const left = kernels.float32(a, rows * length);
  const right = kernels.float32(b, rows * length);
  const dots = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += left[i * length + p] * right[j * length + p];
      dots[i * rows + j] = sum;
    }
  }
  return dots;
}

/** Mean and root mean square of the errors, in units of the root mean square of the exact results. */
export function relativeErrors(results: ArrayLike<number>, exact: Float64Array): {bias: number; rms: number} {
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
