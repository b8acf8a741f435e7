import {formatProperties} from "../../formats/derived.js";
import type {FloatFormat, Format, IntegerFormat} from "../../formats/format.js";
import {magnitudeBeyond, type Policy} from "../../formats/policy.js";
import {binaryExponent, powerOfTwo} from "../../formats/power-of-two.js";
import {type Rounding, roundings} from "../../formats/rounding.js";

/** The bits of every NaN that a cast makes. */
export const canonicalNan = 0x7fc00000;

export interface CastOptions {
  readonly rounding: Rounding;
  /** For float formats; integers always saturate, NaN becomes 0, and their zero has no sign. */
  readonly policy: Policy;
  /** Finite and not zero. */
  readonly scale?: number;
}

/** One value to a value of the format. Only NaN needs `isNegative`, its sign bit, which numbers do not show. */
type Cast = (x: number, isNegative: boolean) => number;

/** out = cast(x · scale) / scale, each step rounded to float32. `out` may be `x`. */
export function quantize(x: Float32Array, out: Float32Array, format: Format, options: CastOptions): void {
  const cast = format.kind === "float" ? floatCast(format, options) : integerCast(format, options);
  const scale = Math.fround(options.scale ?? 1);
  const xBits = new Uint32Array(x.buffer, x.byteOffset, x.length);
  const outBits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < x.length; i++) {
    const y = cast(Math.fround(x[i] * scale), xBits[i] >= 0x80000000);
    if (Number.isNaN(y)) outBits[i] = canonicalNan;
    else out[i] = y / scale;
  }
}

function floatCast(format: FloatFormat, {rounding, policy}: CastOptions): Cast {
  const {largest, nans} = formatProperties(format);
  const overflow = magnitudeBeyond(format, policy.finiteOverflow);
  const infinity = magnitudeBeyond(format, policy.infiniteInput);

  const castNan = (isNegative: boolean): number => {
    if (nans > 0) return Number.NaN;
    if (policy.nanReplacement === "largest") return largest;
    return isNegative ? 0 : -0;
  };
  const castMagnitude = (magnitude: number): number => {
    if (magnitude === Number.POSITIVE_INFINITY) return infinity;
    const rounded = roundToGrid(magnitude, format, rounding);
    return rounded > largest ? overflow : rounded;
  };
  const castSigned = (x: number): number => {
    const magnitude = castMagnitude(Math.abs(x));
    return x < 0 || Object.is(x, -0) ? -magnitude : magnitude;
  };
  return (x, isNegativeNan) => {
    const y = Number.isNaN(x) ? castNan(isNegativeNan) : castSigned(x);
    return y === 0 && policy.negativeZero === "drop" ? 0 : y;
  };
}

/** The neighbour of a finite magnitude that `rounding` picks on the format's grid, continued beyond its largest value. */
function roundToGrid(magnitude: number, {mantissaBits, bias}: FloatFormat, rounding: Rounding): number {
  if (magnitude === 0) return 0;
  const exponent = Math.max(binaryExponent(magnitude), 1 - bias);
  const spacing = powerOfTwo(exponent - mantissaBits);
  const steps = magnitude / spacing;
  const below = Math.floor(steps);
  // The last bit of the lower code is the fraction's, or without a fraction that of the exponent field.
  const lastBit = mantissaBits > 0 || below === 0 ? below : exponent + bias;
  const goesUp = roundings[rounding]({rest: steps - below, isOdd: lastBit % 2 !== 0});
  return (goesUp ? below + 1 : below) * spacing;
}

function integerCast(format: IntegerFormat, {rounding}: CastOptions): Cast {
  const {largest, lowest} = formatProperties(format);
  return (x) => {
    if (Number.isNaN(x)) return 0;
    const magnitude = Math.min(Math.abs(x), -lowest);
    const below = Math.floor(magnitude);
    const goesUp = roundings[rounding]({rest: magnitude - below, isOdd: below % 2 !== 0});
    const rounded = goesUp ? below + 1 : below;
    return x < 0 ? 0 - rounded : Math.min(rounded, largest);
  };
}
