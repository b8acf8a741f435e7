import {expect} from "vitest";
import type {Address, Kernels} from "../../src/kernels/kernels.js";

type Array32 = Float32Array | Int32Array | Uint32Array;

const guardBytes = 64;
const guardByte = 0xa5;

/**
 * Calls `run` with the addresses of copies of the arrays, and copies the outcome back. Fails if a byte around the
 * copies has changed.
 */
export function runOnArrays<Result>(
  kernels: Kernels,
  arrays: readonly Array32[],
  run: (...addresses: Address[]) => Result,
): Result {
  const mark = kernels.mark();
  kernels.allocate(guardBytes);
  const addresses = arrays.map((array) => {
    const address = kernels.allocate(array.byteLength);
    kernels.allocate(guardBytes);
    return address;
  });
  const bytes = new Uint8Array(kernels.memory.buffer);
  bytes.fill(guardByte, mark, kernels.mark());
  for (const [i, array] of arrays.entries()) bytes.set(bytesOf(array), addresses[i]);

  const result = run(...addresses);

  const after = new Uint8Array(kernels.memory.buffer, 0, kernels.mark());
  arrays.forEach((array, i) => {
    bytesOf(array).set(after.subarray(addresses[i], addresses[i] + array.byteLength));
    after.fill(guardByte, addresses[i], addresses[i] + array.byteLength);
  });
  expect(after.subarray(mark).every((byte) => byte === guardByte)).toBe(true);
  kernels.release(mark);
  return result;
}

const bytesOf = ({buffer, byteOffset, byteLength}: Array32): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The bits of floats, so that signed zeros differ and NaNs compare. */
export const bits = (x: Float32Array): Uint32Array => new Uint32Array(x.buffer, x.byteOffset, x.length);

/** Reproducible floats spread evenly over [-1, 1), different for each seed. */
export function floats(length: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({length}, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Largest |actual − expected| relative to `scale`, by default the largest |expected|. */
export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale = largestOf(expected),
): number {
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    if (Number.isNaN(error)) return Number.NaN;
    largest = Math.max(largest, error);
  }
  return largest / scale;
}

function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}
