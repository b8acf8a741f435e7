import {type RandomPlace, randomBlock} from "./random.js";

/**
 * The 32 random bits with which element `index` is rounded, as an unsigned integer: a function of its address and of
 * nothing else, so that any split of a tensor gives the same bits.
 *
 * A Philox block turns seed, stream and step into two words; a Weyl sequence through two rounds of xor-shift and
 * multiply turns these words and the index into the bits. Indices count modulo 2³².
 */
export const roundingBits = (place: RandomPlace, index: number): number => roundingBitsOf(place)(index);

/**
 * The words with which elements are rounded of which each needs so many bits, from the uppermost on: `roundingBits`; or,
 * where 16 are enough, half i mod 2 of word ⌊i / 2⌋ for element i, the lower half first, so that a word serves two.
 */
export function roundingWordsOf(place: RandomPlace, bits: number): (index: number) => number {
  const word = roundingBitsOf(place);
  if (bits > 16) return word;
  return (index) => (index % 2 === 0 ? word(index >>> 1) << 16 : word(index >>> 1) & 0xffff0000) >>> 0;
}

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
