import {powerLabel} from "./power-label.js";

/** A relative error for people: in percent where that has few zeros ("−7.0%", "0.062%"), else as a power of ten. */
export function errorText(error: number): string {
  if (error === 0) return "0";
  const sign = error < 0 ? "−" : "";
  const magnitude = Math.abs(error);
  if (magnitude >= 0.00001) return `${sign}${twoDigits(magnitude * 100)}%`;
  const [digits, power] = magnitude.toExponential(1).split("e");
  return `${sign}${digits} · ${powerLabel(Number(power), 10)}`;
}

/** Two significant digits, written out. */
function twoDigits(x: number): string {
  const power = Number(x.toExponential(1).split("e")[1]);
  return x.toFixed(Math.max(0, 1 - power));
}
