// Random bits of stochastic rounding: a word of 32 bits for each element, or for two of which each needs no more than 16;
// a function of (seed, stream, step, index) and of nothing else. Philox (random.ts) turns seed, stream and step into a key
// of two words, once for a call; a mix of 32 bits with that key turns the index into the bits, four at a time. See
// `../reference/rounding-bits.ts`.
import {randomBlock} from "./random";
import {constant} from "./vector-math";

const block = memory.data(16, 16);

/**
 * Writes the two words of the key to `out`. They come from a Philox counter whose third word is 1, which the tensors of
 * random numbers do not use.
 */
export function roundingKey(seed: u32, stream: u32, step: u32, out: usize): void {
  randomBlock(0, step, 1, 0, seed, stream, block);
  store<u64>(out, load<u64>(block));
}

/** The 32 bits with which element `index` is rounded. */
export function roundingBits(seed: u32, stream: u32, step: u32, index: u32): u32 {
  roundingKey(seed, stream, step, block);
  return i32x4.extract_lane(mixIndex(i32x4.splat(index), constant(block, 0), constant(block, 1)), 0);
}

/** The bits of `count` elements from `startIndex` on, as unsigned integers. */
export function fillRoundingBits(
  out: usize, count: i32, seed: u32, stream: u32, step: u32, startIndex: u32,
): void {
  roundingKey(seed, stream, step, block);
  const key0 = constant(block, 0), key1 = constant(block, 1);
  for (let i = 0; i < count; i++) {
    const bits = mixIndex(i32x4.splat(startIndex + i), key0, key1);
    store<i32>(out + (<usize>i << 2), i32x4.extract_lane(bits, 0));
  }
}

/**
 * The golden ratio times 2³², which spreads the indices; then the multipliers of the mix, found by C. Wellons's search
 * for hashes of two rounds with low bias.
 */
export const mixers = memory.data<u32>([0x9e3779b9, 0x21f0aaad, 0x735a2d97], 16);

/**
 * A Weyl sequence through two rounds of xor-shift and multiply. The first word of the key is where the sequence starts,
 * the second enters between the rounds: without it, streams would be shifted copies of each other.
 */
@inline
export function mixIndex(index: v128, key0: v128, key1: v128): v128 {
  const place = i32x4.add(i32x4.mul(index, constant(mixers, 0)), key0);
  return mixPlace(place, key1, constant(mixers, 1), constant(mixers, 2));
}

/** The words of elements that need 16 bits at most: element i has half i mod 2 of word ⌊i / 2⌋, as the upper half. */
@inline
export function mixHalf(index: v128, key0: v128, key1: v128): v128 {
  const pair = mixIndex(i32x4.shr_u(index, 1), key0, key1), isOdd = i32x4.neg(v128.and(index, i32x4.splat(1)));
  return v128.bitselect(v128.and(pair, i32x4.splat(0xffff0000)), i32x4.shl(pair, 16), isOdd);
}

/** Of the words of four pairs of elements the halves of the first two pairs, as upper halves. */
@inline
export function firstHalves(pairs: v128): v128 {
  return i32x4.shl(i32x4.extend_low_i16x8_u(pairs), 16);
}

/** The halves of the last two pairs. */
@inline
export function lastHalves(pairs: v128): v128 {
  return i32x4.shl(i32x4.extend_high_i16x8_u(pairs), 16);
}

/** `mixIndex` for loops, which add to the place instead of multiplying and have the multipliers in registers. */
@inline
export function mixPlace(place: v128, key1: v128, mixer1: v128, mixer2: v128): v128 {
  let x = i32x4.mul(v128.xor(place, i32x4.shr_u(place, 16)), mixer1);
  x = v128.xor(x, key1);
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), mixer2);
  return v128.xor(x, i32x4.shr_u(x, 15));
}
