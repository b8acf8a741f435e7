import {binaryExponent, powerOfTwo} from "../../formats/power-of-two.js";
import {type BlockScale, type OuterScale, roundScale, type ScaleConstants} from "./block-scales.js";

export interface FourOverSix {
  /** Sum of absolute or of squared errors. */
  readonly error: "absolute" | "squared";
  /** Largest magnitude of the tensor or row. */
  readonly outerAmax: number;
  /** B: the largest block scale that the outer scale provides for. */
  readonly bound: number;
}

const {fround} = Math;
const largestFloat32 = (2 - powerOfTwo(-23)) * powerOfTwo(127);

/**
 * The scale of an E2M1 block that loses less: the one that maps amax to 6, or, only where its error is smaller, the
 * one that maps it to 4. Errors are those of TransformerEngine's reference: summed along each row in order, then over
 * the rows as a tree of halves, all in float32.
 *
 * @param rows the rows of the block, a power of two of them, each as long as the block is wide
 */
export function fourOverSixScale(
  rows: readonly Float32Array[],
  amax: number,
  constants: ScaleConstants,
  outer: OuterScale,
  {error, outerAmax, bound}: FourOverSix,
): BlockScale {
  const base = fround(fround(amax / constants.largest) * outer.encode);
  const range = fround(constants.largest * bound);

  const candidate = (scale: number): BlockScale => {
    const stored = roundScale(scale, constants);
    const encode = Math.min(fround(1 / fround(stored * outer.decode)), largestFloat32);
    return {encode, decode: stored, stored};
  };
  const rowError = (row: Float32Array, {encode, stored}: BlockScale): number => {
    let sum = 0;
    for (const x of row) {
      const product = fround(nearestE2M1(fround(x * encode)) * stored);
      const difference = fround(fround(fround(product * outerAmax) / range) - x);
      sum = fround(sum + (error === "squared" ? fround(difference * difference) : Math.abs(difference)));
    }
    return sum;
  };
  const blockError = (scale: BlockScale): number => treeSum(rows.map((row) => rowError(row, scale)));

  const six = candidate(base);
  const four = candidate(fround(base * 1.5));
  return blockError(four) < blockError(six) ? four : six;
}

function treeSum(values: readonly number[]): number {
  if (values.length === 1) return values[0];
  const half = values.length / 2;
  return treeSum(values.slice(0, half).map((value, i) => fround(value + values[half + i])));
}

/** Nearest even, saturating; NaN becomes 0 as no comparison holds for it. */
function nearestE2M1(x: number): number {
  if (Number.isNaN(x)) return 0;
  const magnitude = Math.min(Math.abs(x), 6);
  if (magnitude === 0) return 0;
  const spacing = powerOfTwo(Math.max(binaryExponent(magnitude), 0) - 1);
  const steps = magnitude / spacing;
  const below = Math.floor(steps);
  const rest = steps - below;
  const rounded = (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below) * spacing;
  return x < 0 ? -rounded : rounded;
}
