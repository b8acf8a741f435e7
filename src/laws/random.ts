/**
 * Random numbers addressed by place: Threefry-2x32 with 20 rounds (Salmon et al. 2011). What is drawn at a place depends
 * on nothing that was drawn before, so that work can be divided in any way and gives the same numbers.
 */

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const parity = 0x1bd11bda;

/** 64 random bits as two unsigned words, for a counter and a key of two unsigned words each. */
export function threefry(
  counter: readonly [number, number],
  key: readonly [number, number],
): [number, number] {
  const keys = [key[0], key[1], parity ^ key[0] ^ key[1]];
  let x0 = (counter[0] + keys[0]) | 0;
  let x1 = (counter[1] + keys[1]) | 0;
  for (let group = 0; group < 5; group++) {
    for (let round = 0; round < 4; round++) {
      const bits = rotations[(group % 2) * 4 + round];
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << bits) | (x1 >>> (32 - bits))) ^ x0;
    }
    x0 = (x0 + keys[(group + 1) % 3]) | 0;
    x1 = (x1 + keys[(group + 2) % 3] + group + 1) | 0;
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** What random numbers are for: each purpose has its own, whatever the seed. */
type Purpose = "starts" | "bootstrap" | "folds" | "noise";

const purposes: readonly Purpose[] = ["starts", "bootstrap", "folds", "noise"];

/** Uniform in (0, 1), never 0 or 1. */
type Uniform = (row: number, index: number) => number;

/** The numbers of a seed (taken modulo 2³²) and a purpose, by row and index. */
export function uniforms(seed: number, purpose: Purpose): Uniform {
  const key = [seed >>> 0, purposes.indexOf(purpose)] as const;
  return (row, index) => {
    const [high, low] = threefry([row, index], key);
    return (high * 2 ** 20 + (low >>> 12) + 0.5) / 2 ** 52;
  };
}

/** A whole number from 0 to `count` - 1. */
export const randomIndex = (uniform: number, count: number): number => Math.floor(uniform * count);

/** Standard normal, from the uniform numbers at 2·index and 2·index + 1 (Box and Muller). */
export function normal(uniform: Uniform, row: number, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(row, 2 * index)));
  return radius * Math.cos(2 * Math.PI * uniform(row, 2 * index + 1));
}

/** `count` indices in random order, by the row's numbers (Fisher and Yates). */
export function shuffled(count: number, uniform: Uniform, row: number): number[] {
  const order = Array.from({length: count}, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = randomIndex(uniform(row, i), i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
