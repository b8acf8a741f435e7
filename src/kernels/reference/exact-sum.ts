import {binaryExponent, powerOfTwo} from "../../formats/power-of-two.js";
import type {Precision} from "./precision.js";
import {specialResult} from "./unit-gemm.js";

/** integer · 2^exponent of a finite double that is a normal one, or zero. */
function decompose(x: number): {integer: bigint; exponent: number} {
  if (x === 0) return {integer: 0n, exponent: 0};
  const exponent = binaryExponent(x) - 52;
  // In two steps, as the whole power may not be a double.
  const integer = (x / powerOfTwo(exponent + 52)) * powerOfTwo(52);
  return {integer: BigInt(integer), exponent};
}

/**
 * c + Σ a·b with a single rounding, to nearest even. Special values decide as in a matrix unit; a zero sum is +0.
 * @param a,b,c numbers of float32
 */
export function exactDot(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  c: number,
  precision: Precision,
): number {
  const special = specialResult(a, b, c);
  if (special !== undefined) return special;
  const terms = Array.from({length: a.length}, (_, i) => {
    const [x, y] = [decompose(a[i]), decompose(b[i])];
    return {integer: x.integer * y.integer, exponent: x.exponent + y.exponent};
  });
  terms.push(decompose(c));
  const lowest = terms.reduce((least, {exponent}) => Math.min(least, exponent), 0);
  const sum = terms.reduce(
    (total, {integer, exponent}) => total + (integer << BigInt(exponent - lowest)),
    0n,
  );
  return roundInteger(sum, lowest, precision);
}

/** integer · 2^exponent to nearest even. */
function roundInteger(
  integer: bigint,
  exponent: number,
  {significantBits, lastExponent, largest}: Precision,
): number {
  if (integer === 0n) return 0;
  const magnitude = integer < 0n ? -integer : integer;
  const length = magnitude.toString(2).length;
  const last = Math.max(exponent + length - significantBits, lastExponent);
  let steps: bigint;
  if (last <= exponent) steps = magnitude << BigInt(exponent - last);
  else {
    const dropped = BigInt(last - exponent);
    steps = magnitude >> dropped;
    const twiceRest = (magnitude - (steps << dropped)) << 1n;
    const unit = 1n << dropped;
    if (twiceRest > unit || (twiceRest === unit && steps % 2n === 1n)) steps += 1n;
  }
  const rounded = last > 900 ? Number.POSITIVE_INFINITY : Number(steps) * powerOfTwo(last);
  const value = rounded > largest ? Number.POSITIVE_INFINITY : rounded;
  return integer < 0n ? -value : value;
}
