import * as aq from "arquero";
import {binaryExponent, powerOfTwo} from "../src/formats/power-of-two.js";
import {createKernels, type Kernels} from "../src/kernels/kernels.js";
import {operandExponent} from "../src/kernels/reference/unit-gemm.js";
import {
  allocateOperands,
  drawOperands,
  exactDots,
  type Operands,
  operandKinds,
  relativeErrors,
} from "./accumulator-operands.js";

/** Products of each dot product, and of a group. */
const length = 4096;
const groupSize = 32;
/** Rows of each matrix: every row of one is multiplied by every row of the other. */
const rows = 8;

/** Bits kept below the largest exponent of a group; the result of a group has one more. */
export const widths = Array.from({length: 19}, (_, i) => i + 6);
/** Products after which the sum leaves the unit; the last never. */
export const intervals = [32, 64, 128, 256, 512, 1024, 2048, length];

/** Exponent of the smallest normal E4M3 number. */
const minimumExponent = -6;

/**
 * Errors of dot products of E4M3 numbers by how many bits a unit keeps and how often its sum is promoted to fp32: data,
 * fraction_bits, promotion, k, count, and bias and rms as in the race. Everything but the two is as in an H100.
 */
export async function accumulatorWidthTable() {
  const kernels = await createKernels();
  const operands = allocateOperands(kernels, {rows, length});
  const table = operandKinds.flatMap((data) => {
    drawOperands(kernels, operands, data, "e4m3");
    const exact = exactDots(kernels, operands, length);
    const dots = productsOf(kernels, operands);
    return widths.flatMap((fraction_bits) =>
      intervals.map((promotion) => {
        const results = dots.map((products) => sumOf(products, {fractionBits: fraction_bits, promotion}));
        const count = exact.length;
        return {data, fraction_bits, promotion, k: length, count, ...relativeErrors(results, exact)};
      }),
    );
  });
  return aq.from(table);
}

/** The products of one dot product and the largest exponent of each group: they are the same for every width. */
export interface Products {
  readonly values: Float64Array;
  /** -Infinity for a group of zeros. */
  readonly largestExponents: Float64Array;
}

function productsOf(kernels: Kernels, {a, b}: Operands): Products[] {
  const left = kernels.float32(a, rows * length);
  const right = kernels.float32(b, rows * length);
  return Array.from({length: rows * rows}, (_, dot) => {
    const i = Math.floor(dot / rows) * length;
    const j = (dot % rows) * length;
    return e4m3Products(left.subarray(i, i + length), right.subarray(j, j + length));
  });
}

/** What two rows of E4M3 numbers bring to a sum in groups of 32. */
export function e4m3Products(a: Float32Array, b: Float32Array): Products {
  const values = Float64Array.from(a, (x, i) => x * b[i]);
  const largestExponents = new Float64Array(Math.ceil(a.length / groupSize)).fill(Number.NEGATIVE_INFINITY);
  for (const [i, value] of values.entries()) {
    if (value === 0) continue;
    const group = Math.floor(i / groupSize);
    const exponent = operandExponent(a[i], minimumExponent) + operandExponent(b[i], minimumExponent);
    largestExponents[group] = Math.max(largestExponents[group], exponent);
  }
  return {values, largestExponents};
}

/** The sum by a unit of the given width, with the steps of `groupStep` and an output of one bit more than is aligned. */
export function sumOf(
  {values, largestExponents}: Products,
  {fractionBits, promotion}: {fractionBits: number; promotion: number},
): number {
  let total = 0;
  let sum = 0;
  for (let group = 0; group < largestExponents.length; group++) {
    const common = Math.max(
      largestExponents[group],
      sum === 0 ? Number.NEGATIVE_INFINITY : binaryExponent(sum),
    );
    if (common > Number.NEGATIVE_INFINITY) {
      const scale = powerOfTwo(fractionBits - common);
      let integer = Math.trunc(sum * scale);
      for (let i = group * groupSize; i < (group + 1) * groupSize; i++)
        integer += Math.trunc(values[i] * scale);
      sum = shortened(integer, fractionBits + 1) / scale;
    }
    if (((group + 1) * groupSize) % promotion === 0) {
      total = Math.fround(total + sum);
      sum = 0;
    }
  }
  return total;
}

/** An integer cut toward zero to its first `bits` bits. */
function shortened(integer: number, bits: number): number {
  if (integer === 0) return 0;
  const step = powerOfTwo(Math.max(0, binaryExponent(integer) + 1 - bits));
  return Math.trunc(integer / step) * step;
}
