import {type CastRules, caster} from "../../formats/cast.js";
import type {Format} from "../../formats/format.js";
import {randomBitsOf} from "../../formats/rounding.js";
import type {RandomPlace} from "./random.js";
import {roundingWordsOf} from "./rounding-bits.js";

/** The bits of every NaN that a cast makes. */
export const canonicalNan = 0x7fc00000;

export interface CastOptions extends CastRules {
  /** Finite and not zero. */
  readonly scale?: number;
  /** Where the random bits of stochastic modes come from: an address, or a word for each element. */
  readonly random?: RandomPlace | Uint32Array;
  /** Index of the first element, which decides its random bits. */
  readonly startIndex?: number;
}

/**
 * out = cast(x · scale) / scale, each step rounded to float32; the cast is `castValue` of src/formats/cast.ts.
 * `out` may be `x`.
 */
export function quantize(x: Float32Array, out: Float32Array, format: Format, options: CastOptions): void {
  const {random = {seed: 0, stream: 0, step: 0}, startIndex = 0} = options;
  const cast = caster(format, options);
  const bits = randomBitsOf(options.rounding ?? "nearest-even", options.bits);
  const word = random instanceof Uint32Array ? undefined : roundingWordsOf(random, bits);
  const randomOf = (i: number) => word?.(startIndex + i) ?? (random as Uint32Array)[i];
  const scale = Math.fround(options.scale ?? 1);
  const xBits = new Uint32Array(x.buffer, x.byteOffset, x.length);
  const outBits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < x.length; i++) {
    const input = {random: randomOf(i), isNegativeNan: xBits[i] >= 0x80000000};
    const y = cast(Math.fround(x[i] * scale), input);
    if (Number.isNaN(y)) outBits[i] = canonicalNan;
    else out[i] = Math.fround(y) / scale;
  }
}
