// Philox4x32-10, a counter-based generator: Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as
// 1, 2, 3" (2011). A block of four words is a function of a 128-bit counter and a 64-bit key and of nothing else.
// Element i of a tensor takes word i mod 4 of the block with counter (⌊i / 4⌋, step, 0, 0) and key (seed, stream).
import {cos, log, sin} from "./scalar-math";

const block = memory.data(16, 16);

/** Writes the four words of the block with the given counter and key to `out`. */
export function randomBlock(
  counter0: u32, counter1: u32, counter2: u32, counter3: u32, key0: u32, key1: u32, out: usize,
): void {
  for (let round = 0; round < 10; round++) {
    const product0 = <u64>counter0 * 0xd2511f53, product1 = <u64>counter2 * 0xcd9e8d57;
    counter0 = <u32>(product1 >> 32) ^ counter1 ^ key0;
    counter2 = <u32>(product0 >> 32) ^ counter3 ^ key1;
    counter1 = <u32>product1;
    counter3 = <u32>product0;
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  store<u32>(out, counter0);
  store<u32>(out, counter1, 4);
  store<u32>(out, counter2, 8);
  store<u32>(out, counter3, 12);
}

/** The 32 random bits of element `index`. */
export function randomBits(seed: u32, stream: u32, step: u32, index: u32): u32 {
  randomBlock(index >> 2, step, 0, 0, seed, stream, block);
  return load<u32>(block + ((index & 3) << 2));
}

/** Uniform numbers low + (high − low)·u with u = (upper 24 bits + ½)/2²⁴, computed in double precision. */
export function randomUniform(
  out: usize, count: i32, low: f32, high: f32, seed: u32, stream: u32, step: u32,
): void {
  const range = <f64>high - <f64>low;
  for (let i = 0; i < count; i++) {
    if ((i & 3) == 0) randomBlock(i >> 2, step, 0, 0, seed, stream, block);
    const bits = load<u32>(block + ((i & 3) << 2));
    store<f32>(out + (<usize>i << 2), <f32>(<f64>low + range * ((<f64>(bits >> 8) + 0.5) / 16777216)));
  }
}

/**
 * Normal numbers mean + spread·z, z by the transform of Box and Muller (1958) in double precision:
 * the words of a block give u₁, u₂ and u₃, u₄, and each pair the cosine and the sine value.
 */
export function randomNormal(
  out: usize, count: i32, mean: f32, spread: f32, seed: u32, stream: u32, step: u32,
): void {
  for (let i = 0; i < count; i += 2) {
    if ((i & 3) == 0) randomBlock(i >> 2, step, 0, 0, seed, stream, block);
    const pair = block + ((i & 2) << 2);
    const radius = <f64>spread * sqrt<f64>(-2 * log((<f64>load<u32>(pair) + 0.5) / 4294967296));
    const angle = ((<f64>load<u32>(pair, 4) + 0.5) / 4294967296) * 6.283185307179586;
    store<f32>(out + (<usize>i << 2), <f32>(<f64>mean + radius * cos(angle)));
    if (i + 1 < count) store<f32>(out + (<usize>i << 2), <f32>(<f64>mean + radius * sin(angle)), 4);
  }
}
