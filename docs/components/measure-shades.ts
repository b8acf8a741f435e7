import type {HealthMeasure} from "./health-row.js";
import type {MapShade} from "./layer-map.js";

/** The shades of one measure, and which of them a value gets: null where there is nothing to tell. */
export interface ShadeScale {
  readonly legend: string;
  readonly shades: readonly MapShade[];
  readonly shadeOf: (value: number) => number | null;
}

/** The shade of the range that a value is in; ranges are given by their lower ends, the first of which is open. */
function ranges(lowerEnds: readonly number[]): (value: number) => number | null {
  return (value) => (Number.isNaN(value) ? null : lowerEnds.filter((end) => value >= end).length);
}

const shares: readonly MapShade[] = [
  {label: "none", color: "ink", strength: 0},
  {label: "< 0.1%", color: "ink", strength: 0.1},
  {label: "< 1%", color: "ink", strength: 0.22},
  {label: "< 10%", color: "ink", strength: 0.4},
  {label: "< 50%", color: "ink", strength: 0.62},
  {label: "≥ 50%", color: "ink", strength: 0.9},
];
const shareOf = ranges([Number.MIN_VALUE, 0.001, 0.01, 0.1, 0.5]);

/** Below a ratio of √3 between gradient and noise training stalls (Chmiel et al. 2025, arXiv 2505.19115). */
const stall = 20 * Math.log10(Math.sqrt(3));

/** How the health of a tensor is shaded, by what is asked. */
export const measureShades: Readonly<Record<HealthMeasure, ShadeScale>> = {
  underflow: {legend: "Share of values that the cast turns to zero", shades: shares, shadeOf: shareOf},
  overflow: {
    legend: "Share of values beyond the largest that the cast has",
    shades: shares,
    shadeOf: shareOf,
  },
  signal: {
    legend: "Signal to quantization noise, in decibels",
    shades: [
      {label: "< 4.8", color: "ink", strength: 0.9},
      {label: "< 10", color: "ink", strength: 0.62},
      {label: "< 20", color: "ink", strength: 0.42},
      {label: "< 30", color: "ink", strength: 0.26},
      {label: "< 40", color: "ink", strength: 0.14},
      {label: "≥ 40", color: "ink", strength: 0.04},
    ],
    shadeOf: ranges([stall, 10, 20, 30, 40]),
  },
  spread: {
    legend: "Spread (root mean square) before the cast",
    shades: [
      {label: "< 2⁻²⁴", color: "chance", strength: 1},
      {label: "< 2⁻¹⁶", color: "chance", strength: 0.68},
      {label: "< 2⁻⁸", color: "chance", strength: 0.4},
      {label: "< 2⁻²", color: "chance", strength: 0.18},
      {label: "near 1", color: "ink", strength: 0},
      {label: "≥ 2²", color: "scale", strength: 0.35},
      {label: "≥ 2⁶", color: "scale", strength: 0.8},
    ],
    shadeOf: ranges([2 ** -24, 2 ** -16, 2 ** -8, 2 ** -2, 2 ** 2, 2 ** 6]),
  },
};
