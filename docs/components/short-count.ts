import {powerLabel} from "./power-label.js";

const units = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** A count in few letters, as papers write numbers of parameters and tokens: "7.6k", "1.2B", "5.8·10²³". */
export function shortCount(count: number): string {
  if (!Number.isFinite(count)) return "none";
  if (Math.abs(count) >= 1e15) {
    const [mantissa, exponent] = count.toExponential(1).split("e");
    const power = powerLabel(Number(exponent), 10);
    return mantissa === "1.0" ? power : `${Number(mantissa)}·${power}`;
  }
  const rounded = Number(count.toPrecision(3));
  const [size, letter] = units.find(([size]) => Math.abs(rounded) >= size) ?? [1, ""];
  return `${Number((rounded / size).toPrecision(3))}${letter}`;
}
