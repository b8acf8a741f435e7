import type {UnitArithmetic} from "../src/kernels/reference/unit-gemm.js";
import {type GroupTrace, type TermTrace, traceDot} from "../src/precision/units/trace.js";
import {groupProducts, type SumExample} from "./sum-example.js";

/** One term with the factors that it is the product of; the addend has none. */
export interface SumTerm extends TermTrace {
  readonly factors?: readonly [number, number];
  /** A term that is not zero has one. */
  readonly exponent: number;
}

/** One step of the unit. */
export interface SumGroup extends Omit<GroupTrace, "terms"> {
  readonly terms: readonly SumTerm[];
  /** The accumulator outside the unit before it takes up the sum of this group, where it does. */
  readonly before?: number;
}

export interface SumTrace {
  readonly groups: readonly SumGroup[];
  readonly result: number;
  readonly exact: number;
}

/**
 * What a unit makes of a small sum: four products at a time stand at the start of each step, the other places of the step
 * are zero, which changes nothing.
 */
export function sumTrace({addend, products}: SumExample, arithmetic: UnitArithmetic): SumTrace {
  const stride = arithmetic.groupSize * (arithmetic.interleaved ? 2 : 1);
  const length = Math.ceil(products.length / groupProducts) * stride;
  const [a, b] = [new Float64Array(length), new Float64Array(length)];
  for (const [i, [left, right]] of products.entries()) {
    const place = Math.floor(i / groupProducts) * stride + (i % groupProducts);
    a[place] = left;
    b[place] = right;
  }
  const {groups, result} = traceDot(a, b, addend, arithmetic);
  let total = addend;
  const shown = groups.map((group) => {
    const terms = group.terms
      .filter((term): term is SumTerm => term.exponent !== null)
      .map((term) =>
        term.index === undefined ? term : {...term, factors: [a[term.index], b[term.index]] as const},
      );
    const before = group.total === undefined ? undefined : total;
    total = group.total ?? total;
    return {...group, terms, before};
  });
  // Exact in doubles: all terms are multiples of 2^-18 and at most 2^20.
  const exact = products.reduce((sum, [left, right]) => sum + left * right, addend);
  return {groups: shown.filter(({terms, total}) => terms.length > 0 || total !== undefined), result, exact};
}
