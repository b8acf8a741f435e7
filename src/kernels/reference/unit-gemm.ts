import {binaryExponent, powerOfTwo} from "../../formats/power-of-two.js";
import type {Matrix} from "./gemm.js";
import {precisions, roundToPrecision} from "./precision.js";

/** How the sum of a group becomes a number again. */
export type UnitOutput =
  /** Cut toward zero to the 24 significant bits of float32; the last bit is at least 2^-149. */
  | "fp32"
  /** Cut toward zero to 14 significant bits; the last bit is at least 2^-139. */
  | "fp32-14"
  /** Rounded to the nearest fp16, ties to even. */
  | "fp16";

/**
 * The arithmetic of a matrix unit for given operand formats: groups of products are aligned to their largest exponent,
 * cut, and summed exactly; the result of a group is the addend of the next. After F. A. Khattak and M. Mikaitis,
 * "Accurate Models of NVIDIA Tensor Cores" (ACM TACO), confirmed and extended by recordings.
 */
export interface UnitArithmetic {
  /** Products per group. */
  readonly groupSize: number;
  /** Bits kept below the largest exponent of a group when its terms are aligned. */
  readonly fractionBits: number;
  readonly output: UnitOutput;
  /** The common exponent of a group is at least this; -Infinity where there is no such limit. */
  readonly alignmentFloor: number;
  /** Exponents of the smallest normal values of A and B: subnormal operands keep them. */
  readonly minimumExponentA: number;
  readonly minimumExponentB: number;
  /** Fraction bits that the significands of A and B have together; the fast kernels use it, results do not depend on it. */
  readonly productBits: number;
  /**
   * After so many elements of K the sum leaves the unit: it is added to an accumulator in the format of the output, to
   * nearest even, and the unit starts again from zero. A multiple of the group size; 0 keeps the sum inside.
   */
  readonly promotion: number;
  /** Whether a group takes pairs of neighbours in turn: the first of 32 elements 0, 1, 4, 5, …, the second the others. */
  readonly interleaved: boolean;
}

/** One term of a group: a product or the addend. Its value is exact and not zero. */
export interface Term {
  readonly value: number;
  /** The exponent by which it is aligned: of a product the sum of the operands' exponents, not normalized. */
  readonly exponent: number;
}

const none = Number.NEGATIVE_INFINITY;

/** floor(log2 |x|), but not below `minimum`: a subnormal operand is not normalized. */
export const operandExponent = (x: number, minimum: number): number => Math.max(binaryExponent(x), minimum);

/** The exponent with which a nonzero addend is aligned. */
export const addendExponent = (addend: number, output: UnitOutput): number =>
  operandExponent(addend, output === "fp16" ? -14 : -126);

/**
 * The outcome of a group that special values decide: NaN by any NaN or by infinities of both signs, an infinity by
 * infinities of one; undefined when all products and the addend are finite.
 */
export function specialResult(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  addend: number,
): number | undefined {
  let special = addend - addend === 0 ? 0 : addend;
  for (let i = 0; i < a.length; i++) {
    const product = a[i] * b[i];
    if (product - product !== 0) special += product;
  }
  return special === 0 ? undefined : special;
}

/** `value` in units of 2^(common - fractionBits), cut toward zero. Exact: a term has at most 48 significant bits. */
export const alignAndCut = (value: number, common: number, fractionBits: number): number =>
  Math.trunc(value * powerOfTwo(fractionBits - common));

/** The sum of a group as the unit returns it; zero is always positive. `sum` is an exact double. */
export function roundOutput(sum: number, output: UnitOutput): number {
  if (sum === 0) return 0;
  if (output === "fp16") return roundToHalf(sum);
  const bits = output === "fp32" ? 24 : 14;
  const spacing = powerOfTwo(Math.max(binaryExponent(sum), -126) - bits + 1);
  const cut = Math.trunc(sum / spacing) * spacing;
  if (Math.abs(cut) > precisions.fp32.largest) return cut * Number.POSITIVE_INFINITY;
  return cut + 0; // -0 becomes 0
}

/** The nearest fp16 of an exact double, ties to even; zero is always positive. */
export const roundToHalf = (x: number): number => roundToPrecision(x, precisions.fp16) + 0;

/**
 * One step of the unit: the addend plus the products of `a` and `b`, at most `groupSize` of them. Finite operands are
 * exact doubles in the range of bf16.
 */
export function groupStep(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  addend: number,
  arithmetic: UnitArithmetic,
): number {
  const special = specialResult(a, b, addend);
  if (special !== undefined) return special;
  const {fractionBits, output, alignmentFloor} = arithmetic;
  let common = addend === 0 ? none : addendExponent(addend, output);
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== 0 && b[i] !== 0) common = Math.max(common, productExponent(a[i], b[i], arithmetic));
  }
  if (common === none) return 0;
  common = Math.max(common, alignmentFloor);
  let sum = alignAndCut(addend, common, fractionBits);
  for (let i = 0; i < a.length; i++) sum += alignAndCut(a[i] * b[i], common, fractionBits);
  return roundOutput(sum * powerOfTwo(common - fractionBits), output);
}

/** Exponent of the product of two nonzero operands. */
export const productExponent = (
  a: number,
  b: number,
  {minimumExponentA, minimumExponentB}: UnitArithmetic,
): number => operandExponent(a, minimumExponentA) + operandExponent(b, minimumExponentB);

/** The indices of K in the order in which the unit takes them, group by group; the last group may be smaller. */
export function groupIndices(k: number, {groupSize, interleaved}: UnitArithmetic): number[][] {
  const groups: number[][] = [];
  if (!interleaved) {
    for (let first = 0; first < k; first += groupSize)
      groups.push(range(first, Math.min(first + groupSize, k)));
    return groups;
  }
  for (let first = 0; first < k; first += 2 * groupSize) {
    const block = range(first, Math.min(first + 2 * groupSize, k));
    const isFirst = (i: number) => ((i >> 1) & 1) === 0;
    groups.push(
      block.filter(isFirst),
      block.filter((i) => !isFirst(i)),
    );
  }
  return groups;
}

const range = (from: number, to: number): number[] => Array.from({length: to - from}, (_, i) => from + i);

/** Sum of the output's format to nearest even: what an accumulator outside the unit does. */
export const addOutside = (x: number, y: number, output: UnitOutput): number =>
  output === "fp16" ? roundToHalf(x + y) : Math.fround(x + y);

/** c + a·b for one row and one column by the unit; an fp16 unit starts from c as an fp16. */
export function unitDot(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  c: number,
  arithmetic: UnitArithmetic,
): number {
  const {groupSize, output, promotion} = arithmetic;
  const groupsInside = promotion / groupSize;
  let total = output === "fp16" ? roundToHalf(c) : c;
  let sum = promotion === 0 ? total : 0;
  groupIndices(a.length, arithmetic).forEach((indices, group, groups) => {
    const pick = (x: ArrayLike<number>) => indices.map((i) => x[i]);
    sum = groupStep(pick(a), pick(b), sum, arithmetic);
    if (promotion > 0 && ((group + 1) % groupsInside === 0 || group + 1 === groups.length)) {
      total = addOutside(total, sum, output);
      sum = 0;
    }
  });
  return promotion === 0 ? sum : total;
}

/**
 * C = alpha·A·B, or C += A·B with `accumulate` (alpha must then be 1), by a matrix unit. Operands are float32 numbers
 * of the formats that `arithmetic` is for; alpha multiplies the finished results in float32.
 */
export function unitGemm(
  {m, n, k}: {m: number; n: number; k: number},
  a: Matrix,
  b: Matrix,
  c: Matrix,
  arithmetic: UnitArithmetic,
  {alpha = 1, accumulate = false} = {},
): void {
  const columns = range(0, n).map((j) =>
    Float64Array.from({length: k}, (_, p) =>
      b.transposed ? b.data[j * b.stride + p] : b.data[p * b.stride + j],
    ),
  );
  for (let i = 0; i < m; i++) {
    const row = Float64Array.from({length: k}, (_, p) =>
      a.transposed ? a.data[p * a.stride + i] : a.data[i * a.stride + p],
    );
    for (let j = 0; j < n; j++) {
      const at = i * c.stride + j;
      c.data[at] = Math.fround(alpha) * unitDot(row, columns[j], accumulate ? c.data[at] : 0, arithmetic);
    }
  }
}
