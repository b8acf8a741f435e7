// A cast to a format as a list of numbers in memory, prepared once (`preparedCast` of src/precision/cast-constants.ts
// writes it) and then used for any number of values. Magnitudes are compared by their bits, as integers.

/** Layout of the constants; every field has four bytes, and pairs are for positive and negative values. */
@unmanaged
export class CastConstants {
  /** Which loop of quantize.ts suits: see `Loop` there. */
  loop: i32;
  /** Magnitudes that the loop cannot do: those whose bits under `mask`, less `tiny`, are beyond `limit`, unsigned. */
  mask: i32;
  tiny: i32;
  limit: i32;
  /** Largest and most negative finite value. */
  largest: f32;
  lowest: f32;

  /** Bits of the smallest normal value, below which the spacing stands still; 0 where float32's does so too. */
  minimum: i32;
  /** Float32 bits that the format does not have, below the smallest normal value too; and a mask of those it has. */
  dropped: i32;
  kept: i32;
  /** Exponent that brings a magnitude's spacing from float32's to the format's, see `roundByAddition`. */
  lift: i32;

  /** What is added before the dropped bits are cut: always, to odd codes, to negative values. */
  always: i32;
  ifOdd: i32;
  ifNegative: i32;
  /** Flips the parity of codes. */
  parity: i32;
  /** Whether what float32 addition cuts off below `minimum` is made good, and whether it is kept as a sticky bit. */
  isExactBelow: i32;
  sticky: i32;

  /** Random bits to add: the word xor `randomFlip`, shifted right with its sign, masked, plus a constant. */
  randomFlip: i32;
  randomShift: i32;
  randomMask: i32;
  randomOffset: i32;
  /** All ones where random bits are too fine for float32 addition below `minimum`: then the exact cast may be needed. */
  isFine: i32;
  /** A rounding before the random bits are added: the shift, the mask, and what is added always and to odd values. */
  firstDropped: i32;
  firstKept: i32;
  firstAlways: i32;
  firstIfOdd: i32;

  /** Bits of the largest magnitude on either side. */
  limitPositive: i32;
  limitNegative: i32;
  overflowPositive: i32;
  overflowNegative: i32;
  infinityPositive: i32;
  infinityNegative: i32;
  nanPositive: i32;
  nanNegative: i32;
  /** Magnitudes below these become zero, before and after rounding. */
  flushBefore: f32;
  flushAfter: f32;
  /** Added to results: -0 leaves all as they are, 0 makes negative zeros positive. */
  zero: f32;
  /** All ones where inputs that are -0 become 0. */
  dropsNegativeZero: i32;

  /** For the exact cast: the rounding mode's number, how many random bits it uses (0: all), and the grid. */
  mode: i32;
  randomBits: i32;
  mantissaBits: i32;
  minimumExponent: i32;
  bias: i32;
  smallestNormal: f32;
  /** What is special about the format, see `Shape` in cast-exactly.ts; and what zero becomes where there is none. */
  shape: i32;
  zeroResult: i32;

  /** Key of the random bits, from `roundingKey`. */
  key0: i32;
  key1: i32;
}

/** Whether an element needs no more than half a word of random bits. */
@inline
export function takesHalves(c: CastConstants): bool {
  return <u32>(c.randomBits - 1) < 16;
}

/** Where the values of a codebook follow, see `castToCodebook` in cast-exactly.ts. */
export const codebookOffset: usize = 256;

/** Where the bounds between the values of a short codebook follow, see `castToCodebook` in quantize.ts. */
export const boundsOffset: usize = 512;

/** Where those of a long one follow, and then its values in float32, see `castToLongCodebook` in quantize.ts. */
export const longBoundsOffset: usize = 2320;
