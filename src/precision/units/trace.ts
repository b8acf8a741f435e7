import {powerOfTwo} from "../../formats/power-of-two.js";
import {
  addendExponent,
  addOutside,
  alignAndCut,
  groupIndices,
  productExponent,
  roundOutput,
  roundToHalf,
  specialResult,
  type UnitArithmetic,
} from "../../kernels/reference/unit-gemm.js";

/** What becomes of one term of a group. */
export interface TermTrace {
  /** Position along K of a product; undefined for the addend. */
  readonly index?: number;
  /** The exact product, or the addend. */
  readonly value: number;
  /** The exponent by which the term is aligned; null for a zero, which takes no part. */
  readonly exponent: number | null;
  /** The term in units of the group's last kept bit, before anything is cut. */
  readonly aligned: number;
  /** What is summed: `aligned` cut toward zero. */
  readonly integer: number;
  /** What the cut loses, as a value: `value` less the integer in its units. */
  readonly lost: number;
}

/** One step of a unit, from the terms to the number it returns. */
export interface GroupTrace {
  readonly terms: readonly TermTrace[];
  /** Largest exponent of the terms, or the floor; null when all terms are zero or special values decide. */
  readonly commonExponent: number | null;
  /** Value of the last kept bit, 2^(commonExponent - fractionBits); null as above. */
  readonly unit: number | null;
  /** The exact sum of the integers. */
  readonly sum: number;
  /** The sum as the unit returns it, and what it lost by that. */
  readonly result: number;
  readonly lost: number;
  /** Whether infinities or NaN among the terms decided. */
  readonly isSpecial: boolean;
  /** The accumulator outside the unit after this group, where the sum then leaves the unit. */
  readonly total?: number;
}

/** All steps of c + a·b for one row and one column; `a` and `b` of equal length. */
export function traceDot(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  c: number,
  arithmetic: UnitArithmetic,
): {readonly groups: readonly GroupTrace[]; readonly result: number} {
  const {groupSize, output, promotion} = arithmetic;
  const start = output === "fp16" ? roundToHalf(c) : c;
  const groupsInside = promotion === 0 ? Number.POSITIVE_INFINITY : promotion / groupSize;
  const groups: GroupTrace[] = [];
  let total = start;
  let sum = promotion === 0 ? start : 0;
  groupIndices(a.length, arithmetic).forEach((indices, i, all) => {
    const group = traceGroup(a, b, indices, sum, arithmetic);
    sum = group.result;
    const isLeaving = promotion > 0 && ((i + 1) % groupsInside === 0 || i + 1 === all.length);
    if (isLeaving) {
      total = addOutside(total, sum, output);
      sum = 0;
    }
    groups.push(isLeaving ? {...group, total} : group);
  });
  return {groups, result: promotion === 0 ? sum : total};
}

function traceGroup(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  indices: readonly number[],
  addend: number,
  arithmetic: UnitArithmetic,
): GroupTrace {
  const {fractionBits, output, alignmentFloor} = arithmetic;
  const raw = [
    ...indices.map((index) => {
      const isZero = a[index] === 0 || b[index] === 0;
      const areFinite = Number.isFinite(a[index]) && Number.isFinite(b[index]);
      const exponent = isZero || !areFinite ? null : productExponent(a[index], b[index], arithmetic);
      return {index, value: a[index] * b[index], exponent};
    }),
    {
      value: addend,
      exponent: addend === 0 || !Number.isFinite(addend) ? null : addendExponent(addend, output),
    },
  ];
  const at = (x: ArrayLike<number>) => indices.map((i) => x[i]);
  const special = specialResult(at(a), at(b), addend);
  const exponents = raw.map(({exponent}) => exponent).filter((exponent) => exponent !== null);
  if (special !== undefined || exponents.length === 0) {
    const result = special ?? 0;
    const terms = raw.map((term) => ({...term, aligned: 0, integer: 0, lost: 0}));
    const isSpecial = special !== undefined;
    return {terms, commonExponent: null, unit: null, sum: 0, result, lost: 0, isSpecial};
  }
  const commonExponent = Math.max(...exponents, alignmentFloor);
  const unit = powerOfTwo(commonExponent - fractionBits);
  const terms = raw.map((term) => {
    const integer = alignAndCut(term.value, commonExponent, fractionBits);
    return {...term, aligned: term.value / unit, integer, lost: term.value - integer * unit};
  });
  const sum = terms.reduce((total, {integer}) => total + integer, 0);
  const result = roundOutput(sum * unit, output);
  return {terms, commonExponent, unit, sum, result, lost: sum * unit - result, isSpecial: false};
}
