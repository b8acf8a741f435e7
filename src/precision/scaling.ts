import {binaryExponent, powerOfTwo} from "../formats/power-of-two.js";

/** Scales are kept where both they and their inverses are normal float32 numbers. */
const largestScaleExponent = 126;

/**
 * The power of two by which a tensor is multiplied before a cast (and divided after it) so that its largest magnitude
 * comes close to the largest value of the format without exceeding it: 2^floor(log2(largest / amax)), within 2^±126.
 * A tensor of zeros, or one whose largest magnitude is infinite or NaN, keeps the scale 1.
 *
 * @param largest largest finite value of the format, positive
 * @param amax largest magnitude of the tensor
 */
export function tensorScale(largest: number, amax: number): number {
  if (!(amax > 0 && amax < Number.POSITIVE_INFINITY)) return 1;
  const exponent = binaryExponent(largest / amax);
  return powerOfTwo(Math.min(Math.max(exponent, -largestScaleExponent), largestScaleExponent));
}
