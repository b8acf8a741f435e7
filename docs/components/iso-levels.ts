import {type ColorScale, valueAtShare} from "./loss-colors.js";

/** Levels at about even distances of colour, each as round as its distance to the next allows; zero among them if it is inside. */
export function isoLevels(scale: ColorScale, {count = 11}: {count?: number} = {}): number[] {
  const levels = new Set<number>(scale.low < 0 && scale.high > 0 ? [0] : []);
  for (let i = 1; i < count; i++) {
    const value = valueAtShare(scale, i / count);
    const gap = valueAtShare(scale, (i + 0.5) / count) - valueAtShare(scale, (i - 0.5) / count);
    levels.add(roundedTo(value, niceStep(gap / 2)));
  }
  return [...levels].filter((level) => level > scale.low && level < scale.high).sort((a, b) => a - b);
}

/** The nearest of 1, 2, 5, 10 … times a power of ten that is not above the size. */
export function niceStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size) + 1e-9);
  return [5, 2, 1].map((digit) => digit * power).find((step) => step <= size * (1 + 1e-9)) ?? power;
}

/** The nearest multiple of a step, without the dust of multiplying by a tenth. */
function roundedTo(value: number, step: number): number {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return Number((Math.round(value / step) * step).toFixed(digits)) + 0;
}
