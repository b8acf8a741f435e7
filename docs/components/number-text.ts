import {binaryFraction, exactDecimal} from "./exact-decimal.js";
import {powerLabel} from "./power-label.js";

/** Digits after which a number is written with a power of ten. */
const readableDigits = 14;

/** A double for people: all its digits where they are few, otherwise the shortest that say which double it is. */
export function numberText(x: number): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const exact = exactDecimal(x);
  return exact.length <= readableDigits ? exact : `≈ ${roundedText(x, 6)}`;
}

/** A double with some significant digits: "1.234 · 10⁻⁹", "0.000123", "−448". */
export function roundedText(x: number, digits: number): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  const text =
    power < -5 || power >= 9
      ? `${trimmed(mantissa)} · ${powerLabel(power, 10)}`
      : trimmed(x.toFixed(Math.max(0, digits - 1 - power)));
  return text.replace("-", "−");
}

/** A finite double as a fraction, "13/128" or "13/2⁴⁰", or as an integer; null where neither is short. */
export function fractionText(x: number): string | null {
  const {integer, exponent} = binaryFraction(x);
  const sign = integer < 0n ? "−" : "";
  const magnitude = integer < 0n ? -integer : integer;
  if (exponent >= 0) {
    return exponent > 20
      ? `${sign}${magnitude === 1n ? "" : `${magnitude} · `}${powerLabel(exponent)}`
      : null;
  }
  if (magnitude >= 1n << 24n) return null;
  if (exponent < -13) {
    return magnitude === 1n
      ? `${sign}${powerLabel(exponent)}`
      : `${sign}${magnitude} · ${powerLabel(exponent)}`;
  }
  return `${sign}${magnitude}/${1n << BigInt(-exponent)}`;
}

const trimmed = (digits: string): string => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
