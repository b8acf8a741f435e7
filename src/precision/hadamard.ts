import {usageError} from "../errors.js";
import type {Address, Kernels} from "../kernels/kernels.js";
import {hadamardSize} from "../kernels/reference/hadamard.js";

/** Signs of a random Hadamard transform: bit i is set where the sign of element i is −1. */
export type Signs = number;

/** TransformerEngine's fixed signs, + + + − + − − − − − − + − + − −. */
export const transformerEngineSigns: Signs = signsOf([
  1, 1, 1, -1, 1, -1, -1, -1, -1, -1, -1, 1, -1, 1, -1, -1,
]);

/** @param signs sixteen of 1 and −1 */
export function signsOf(signs: readonly number[]): Signs {
  return signs.reduce((bits, sign, i) => (sign < 0 ? bits | (1 << i) : bits), 0);
}

/** Signs from the top bits of the random words of (seed, stream, step), elements 0 to 15. */
export function randomSigns(
  kernels: Kernels,
  {seed, stream, step}: {seed: number; stream: number; step: number},
): Signs {
  const words = Array.from({length: hadamardSize}, (_, i) => kernels.randomBits(seed, stream, step, i));
  return signsOf(words.map((word) => (word >= 0x80000000 ? -1 : 1)));
}

/** Where the largest result of each column in every `blockRows` rows, a multiple of 16, is to lie. */
export interface ColumnMagnitudes {
  readonly address: Address;
  readonly blockRows: number;
}

/**
 * Transforms a row-major matrix at `input` to `output`, which may be the same address: every sixteen elements along the
 * rows, or down the columns, become (diag(σ) · x) · H / 4 in float32. Two operands that are transformed along the
 * dimension over which they are multiplied have the same product as before.
 *
 * @param magnitudes for transforms down the columns
 * @throws a usage error when that dimension is no multiple of 16
 */
export function hadamardTransform(
  kernels: Kernels,
  signs: Signs,
  input: Address,
  output: Address,
  {rows, columns}: {rows: number; columns: number},
  along: "rows" | "columns" = "rows",
  magnitudes?: ColumnMagnitudes,
): void {
  const length = along === "rows" ? columns : rows;
  if (length % hadamardSize !== 0) {
    throw usageError(
      `a Hadamard transform needs a multiple of ${hadamardSize} ${along === "rows" ? "columns" : "rows"}, not ${length}`,
    );
  }
  if (along === "rows") kernels.hadamardRows(input, output, rows * columns, signs);
  else {
    const {address, blockRows} = magnitudes ?? {address: 0, blockRows: rows};
    kernels.hadamardColumns(input, output, rows, columns, signs, address, blockRows);
  }
}
