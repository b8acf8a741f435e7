import {powerLabel} from "./power-label.js";

/** A relative error in percent with two significant digits: "−7.0%", "0.062%", "4.7 · 10⁻⁴%". */
export function errorText(error: number): string {
  if (error === 0) return "0%";
  const sign = error < 0 ? "−" : "";
  const [digits, exponent] = Math.abs(error * 100)
    .toExponential(1)
    .split("e");
  const power = Number(exponent);
  if (power < -3) return `${sign}${digits} · ${powerLabel(power, 10)}%`;
  return `${sign}${Number(`${digits}e${power}`).toFixed(Math.max(0, 1 - power))}%`;
}
