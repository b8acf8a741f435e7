import {powerLabel} from "./power-label.js";

/** A number with some significant digits, as tables of constants have it: "482", "0.348", "1.81·10⁴". */
export function shortNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "none";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${minus(String(Number(mantissa)))}·${powerLabel(Number(exponent), 10)}`;
  }
  return minus(String(Number(value.toPrecision(Math.max(digits, Math.ceil(Math.log10(size)))))));
}

const minus = (text: string): string => text.replace("-", "−");
