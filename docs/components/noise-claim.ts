import {formatLabel} from "./format-label.js";
import {decibels, type NoiseRow} from "./noise-row.js";
import {powerLabel} from "./power-label.js";

/** How far below its best a format still counts as good, in decibels: twice the noise power. */
const tolerance = 3;

/**
 * What the formats give at unit spread, and over which spreads they keep to within 3 dB of their best: "At unit spread
 * FP16 has 73.7 dB, E4M3 31.5 dB; within 3 dB of their best …".
 * @param rows of one rounding
 */
export function noiseClaim(rows: readonly NoiseRow[], formats: readonly string[]): string {
  const parts = formats.flatMap((format) => {
    const curve = rows.filter((row) => row.format === format);
    const atUnit = curve.find(({log2_spread}) => log2_spread === 0);
    if (!atUnit) return [];
    const {first, last} = goodSpreads(curve);
    return [
      `${formatLabel(format)} has ${decibels(atUnit).toFixed(1)} dB at unit spread, and stays within ${tolerance} dB of its best from ${boundary(Math.ceil(first))} to ${boundary(Math.floor(last))}`,
    ];
  });
  return parts.length === 0 ? "No format is chosen." : `${parts.join("; ")}.`;
}

/** The first and the last spread at which a curve is near its best. */
export function goodSpreads(curve: readonly NoiseRow[]): {first: number; last: number} {
  const best = Math.max(...curve.map(decibels));
  const good = curve.filter((row) => decibels(row) >= best - tolerance).map(({log2_spread}) => log2_spread);
  return {first: Math.min(...good), last: Math.max(...good)};
}

const boundary = (power: number): string => (power === 0 ? "1" : powerLabel(power));
