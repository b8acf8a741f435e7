/** A 128-bit counter or a block of random bits. */
export type FourWords = readonly [number, number, number, number];

/** The block of Philox4x32-10 (Salmon et al. 2011) for a counter and a 64-bit key, as unsigned words. */
export function randomBlock(counter: FourWords, key: readonly [number, number]): FourWords {
  let [c0, c1, c2, c3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const product0 = 0xd2511f53n * c0;
    const product1 = 0xcd9e8d57n * c2;
    [c0, c1] = [(product1 >> 32n) ^ c1 ^ k0, product1 & 0xffffffffn];
    [c2, c3] = [(product0 >> 32n) ^ c3 ^ k1, product0 & 0xffffffffn];
    k0 = (k0 + 0x9e3779b9n) & 0xffffffffn;
    k1 = (k1 + 0xbb67ae85n) & 0xffffffffn;
  }
  return [Number(c0), Number(c1), Number(c2), Number(c3)];
}

/** Which random numbers: every element of a tensor has its own for each seed, stream and step. */
export interface RandomPlace {
  readonly seed: number;
  readonly stream: number;
  readonly step: number;
}

/** The 32 bits of element `index`. */
export function randomBits({seed, stream, step}: RandomPlace, index: number): number {
  return randomBlock([Math.floor(index / 4), step, 0, 0], [seed, stream])[index % 4];
}

/** low + (high − low)·u, u the upper 24 bits at the centre of their step. */
export function randomUniform(
  {low, high}: {low: number; high: number},
  place: RandomPlace,
  index: number,
): number {
  const bits = Math.floor(randomBits(place, index) / 256);
  const [first, last] = [Math.fround(low), Math.fround(high)];
  return Math.fround(first + (last - first) * ((bits + 0.5) / 2 ** 24));
}

/** mean + spread·z, z by the transform of Box and Muller from a pair of words; not rounded to float32. */
export function randomNormal(
  {mean, spread}: {mean: number; spread: number},
  place: RandomPlace,
  index: number,
): number {
  const first = index - (index % 2);
  const radius = Math.sqrt(-2 * Math.log((randomBits(place, first) + 0.5) / 2 ** 32));
  const angle = (2 * Math.PI * (randomBits(place, first + 1) + 0.5)) / 2 ** 32;
  return mean + spread * radius * (index % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
}
