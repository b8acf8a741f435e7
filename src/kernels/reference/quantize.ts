import {type CastRules, caster} from "../../formats/cast.js";
import type {Format} from "../../formats/format.js";

/** The bits of every NaN that a cast makes. */
export const canonicalNan = 0x7fc00000;

export interface CastOptions extends CastRules {
  /** Finite and not zero. */
  readonly scale?: number;
}

/** out = cast(x · scale) / scale, each step rounded to float32. `out` may be `x`. */
export function quantize(x: Float32Array, out: Float32Array, format: Format, options: CastOptions): void {
  const cast = caster(format, options);
  const scale = Math.fround(options.scale ?? 1);
  const xBits = new Uint32Array(x.buffer, x.byteOffset, x.length);
  const outBits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < x.length; i++) {
    const y = cast(Math.fround(x[i] * scale), {isNegativeNan: xBits[i] >= 0x80000000});
    if (Number.isNaN(y)) outBits[i] = canonicalNan;
    else out[i] = y / scale;
  }
}
