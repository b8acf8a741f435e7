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
 * Seven decades from 1e-7 up: the decade below 10^(i - 6) holds the middles of 2^i · density equal intervals of it.
 * Values are rounded to float32.
 */
function dynamicMagnitudes(density: 1 | 2): number[] {
  return Array.from({length: 7}, (_, i) => {
    const intervals = density * (1 << i);
    const decade = Number(`1e${i - 6}`);
    const middle = (j: number) => 0.1 + (0.9 * (j + 0.5)) / intervals;
    return Array.from({length: intervals}, (_, j) => Math.fround(middle(j) * decade));
  }).flat();
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
