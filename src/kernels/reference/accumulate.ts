import {type Cast, caster} from "../../formats/cast.js";
import type {FloatFormat, Format} from "../../formats/format.js";
import type {Policy} from "../../formats/policy.js";
import {powerOfTwo} from "../../formats/power-of-two.js";
import {isStochastic, type RoundingMode} from "../../formats/rounding.js";
import {roundingBitsOf} from "./rounding-bits.js";

/** How the products of a row and a column become a sum. The order of K is part of it. */
export interface Accumulation {
  /** What a product is rounded to before it is added; `exact` keeps all its bits, so that a·b + s is rounded once. */
  readonly product: FloatFormat | "exact";
  readonly accumulator: FloatFormat;
  /** How products and sums are rounded. */
  readonly rounding: RoundingMode;
  /** Random bits of the stochastic modes; undefined for all. */
  readonly bits?: number;
  /** What becomes of sums beyond the accumulator's largest value, and the like. */
  readonly policy: Policy;
  /**
   * `sequential`: s ← s + p in the order of K. `pairwise`: blocks of `blockLength` products are added as balanced trees,
   * whose roots are added in order; a last, partial block merges its subtrees smallest first. `blocked`: sequential
   * within blocks, each from zero, whose sums are added in order in the format `outer`.
   */
  readonly order: "sequential" | "pairwise" | "blocked";
  /** Products per block; a power of two for `pairwise`, unused for `sequential`. */
  readonly blockLength: number;
  readonly outer: FloatFormat;
  /** Kahan's compensated sum, in place of plain additions in the order of K; not for `pairwise`. */
  readonly compensated: boolean;
  /** Every so many products, the sum is added to an fp32 accumulator to nearest even, and starts at zero; 0: never. */
  readonly promotion: number;
  /** Key of the random bits. */
  readonly seed: number;
}

type Add = (x: number, y: number) => number;

/**
 * c + a·b for one row and one column, whose place in C numbers the random bits: rounding r of element e takes the bits
 * of (seed, stream 0, step e, index r), in the order in which the roundings are written. C itself is rounded to nearest
 * even where it enters, without a draw.
 */
export function accumulateDot(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  c: number,
  how: Accumulation,
  element = 0,
): number {
  const round = roundings(how, element);
  const add: Add = (x, y) => round.sum(addToOdd(x, y));
  const product = (i: number) => round.product(a[i] * b[i]);

  if (how.promotion > 0) {
    let total = c;
    for (let first = 0; first < a.length; first += how.promotion) {
      total = Math.fround(total + sumRange(first, Math.min(first + how.promotion, a.length), 0));
    }
    return total;
  }
  return sumRange(0, a.length, c);

  function sumRange(from: number, to: number, start: number): number {
    if (how.order === "blocked") {
      let total = round.startOuter(start);
      for (let first = from; first < to; first += how.blockLength) {
        total = round.outer(addToOdd(total, inOrder(first, Math.min(first + how.blockLength, to), 0)));
      }
      return total;
    }
    const first = round.start(start);
    return how.order === "pairwise" ? pairwise(from, to, first) : inOrder(from, to, first);
  }

  function inOrder(from: number, to: number, start: number): number {
    if (how.compensated) return kahan(from, to, start);
    let sum = start;
    for (let i = from; i < to; i++) sum = add(sum, product(i));
    return sum;
  }

  function kahan(from: number, to: number, start: number): number {
    let sum = start;
    let correction = 0;
    for (let i = from; i < to; i++) {
      const y = add(product(i), -correction);
      const t = add(sum, y);
      correction = add(add(t, -sum), -y);
      sum = t;
    }
    return sum;
  }

  function pairwise(from: number, to: number, start: number): number {
    let sum = start;
    for (let first = from; first < to; first += how.blockLength) {
      sum = add(sum, tree(first, Math.min(first + how.blockLength, to)));
    }
    return sum;
  }

  /** Subtrees of 2^level products wait on a stack, at most one of each size, the smallest on top. */
  function tree(from: number, to: number): number {
    const subtrees: {sum: number; level: number}[] = [];
    for (let i = from; i < to; i++) {
      let sum = product(i);
      let level = 0;
      while (subtrees.length > 0 && subtrees[subtrees.length - 1].level === level) {
        sum = add(subtrees.pop()!.sum, sum);
        level++;
      }
      subtrees.push({sum, level});
    }
    let sum = subtrees.pop()!.sum;
    while (subtrees.length > 0) sum = add(subtrees.pop()!.sum, sum);
    return sum;
  }
}

/** The roundings of one element; those that are stochastic share one sequence of draws. */
function roundings(
  {product, accumulator, outer, rounding, bits, policy, seed}: Accumulation,
  element: number,
) {
  let draws = 0;
  const randomBits = isStochastic(rounding) ? roundingBitsOf({seed, stream: 0, step: element}) : () => 0;
  const drawing = (format: Format): ((x: number) => number) => {
    const cast: Cast = caster(format, {rounding, bits, policy});
    if (!isStochastic(rounding)) return (x) => cast(x);
    return (x) => cast(x, {random: randomBits(draws++)});
  };
  const toNearest = (format: Format): Cast => caster(format, {rounding: "nearest-even", policy});
  return {
    product: product === "exact" ? (x: number) => x : drawing(product),
    sum: drawing(accumulator),
    outer: drawing(outer),
    start: toNearest(accumulator),
    startOuter: toNearest(outer),
  };
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/**
 * x + y rounded to odd in double precision: where the sum has more bits, the last one is set. Rounding that to at most
 * 50 bits gives what rounding the exact sum would (S. Boldo, G. Melquiond, "Emulation of a FMA and correctly rounded
 * sums: proved algorithms using rounding to odd", 2008).
 */
export function addToOdd(x: number, y: number): number {
  const sum = x + y;
  if (!Number.isFinite(sum)) return sum;
  const fromY = sum - x;
  const error = x - (sum - fromY) + (y - fromY);
  if (error === 0) return sum;
  double[0] = sum;
  if (words[0] % 2 === 1) return sum;
  if (error > 0 === sum > 0) words[0] += 1;
  else {
    if (words[0] === 0) words[1] -= 1;
    words[0] -= 1;
  }
  return double[0];
}

/** How integer products become a sum: in a register of a few bits. */
export interface IntegerAccumulation {
  /** Bits of the running sum with its sign, 2 to 32. */
  readonly bits: number;
  /** What happens at every addition that leaves the register. */
  readonly overflow: "wrap" | "saturate";
  /** Fraction bits of a product: the sum counts in units of 2^-fractionBits. */
  readonly fractionBits: number;
}

/** c + a·b for fixed-point operands; c is rounded to the units of products, to nearest even, and has to fit too. */
export function accumulateIntegers(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  c: number,
  {bits, overflow, fractionBits}: IntegerAccumulation,
): number {
  const range = powerOfTwo(bits);
  const units = powerOfTwo(fractionBits);
  const hold = (x: number): number => {
    if (overflow === "saturate") return Math.min(Math.max(x, -range / 2), range / 2 - 1);
    const rest = ((x % range) + range) % range;
    return rest >= range / 2 ? rest - range : rest;
  };
  let sum = hold(nearestEven(c * units));
  for (let i = 0; i < a.length; i++) sum = hold(sum + a[i] * b[i] * units);
  return sum / units;
}

function nearestEven(x: number): number {
  if (Number.isNaN(x)) return 0;
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
