import {type RandomPlace, randomBlock} from "./random.js";

/**
 * The 32 random bits with which element `index` is rounded, as an unsigned integer: a function of its address and of
 * nothing else, so that any split of a tensor gives the same bits.
 *
 * A Philox block turns seed, stream and step into two words; a Weyl sequence through two rounds of xor-shift and
 * multiply turns these words and the index into the bits. Indices count modulo 2³².
 */
export const roundingBits = (place: RandomPlace, index: number): number => roundingBitsOf(place)(index);

/** `roundingBits` for many elements of one place. */
export function roundingBitsOf({seed, stream, step}: RandomPlace): (index: number) => number {
  const [key0, key1] = randomBlock([0, step, 1, 0], [seed, stream]);
  return (index) => {
    let x = (Math.imul(index, 0x9e3779b9) + key0) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad) ^ key1;
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) >>> 0;
  };
}
