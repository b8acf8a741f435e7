import type {CodebookFormat} from "./format.js";

/**
 * NormalFloat with 4 bits (Dettmers et al., QLoRA, 2023, appendix E): quantiles of the normal distribution, scaled to
 * [-1, 1]. The values are those that bitsandbytes publishes, whose construction a test repeats.
 */
export const nf4: CodebookFormat = {
  kind: "codebook",
  name: "nf4",
  aliases: ["normalfloat4"],
  bits: 4,
  values: [
    ...[-1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453],
    ...[-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0],
    ...[0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224],
    ...[0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1],
  ],
};

/** Dynamic (tree) quantization with 8 bits (Dettmers et al., 8-bit optimizers, 2021, section 1.3). */
export const dynamic8: CodebookFormat = {
  kind: "codebook",
  name: "dynamic8",
  aliases: ["dynamic_8bit", "dynamic-8bit"],
  bits: 8,
  values: ascending([...dynamicMagnitudes(1), 0, 1, ...dynamicMagnitudes(1).map((x) => -x)]),
};

/** The same for values that are never negative, with twice as many of them in each decade. */
export const udynamic8: CodebookFormat = {
  kind: "codebook",
  name: "udynamic8",
  aliases: ["dynamic8u", "udynamic_8bit", "udynamic-8bit"],
  bits: 8,
  values: ascending([...dynamicMagnitudes(2), 0, 1]),
};

/**
 * Seven decades from 1e-7 up: the decade below 10^(i - 6) holds the middles of 2^i · density equal intervals of it. All
 * steps are those of bitsandbytes in float32, from the lower end for one half of the bounds, from the upper for the other.
 */
function dynamicMagnitudes(density: 1 | 2): number[] {
  const {fround} = Math;
  return Array.from({length: 7}, (_, i) => {
    const intervals = density * (1 << i);
    const [lower, decade] = [fround(0.1), fround(Number(`1e${i - 6}`))];
    const step = fround(fround(1 - lower) / intervals);
    const bound = (j: number) => fround(2 * j < intervals ? lower + step * j : 1 - step * (intervals - j));
    const middle = (j: number) => fround(fround(bound(j) + bound(j + 1)) / 2);
    return Array.from({length: intervals}, (_, j) => fround(decade * middle(j)));
  }).flat();
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
