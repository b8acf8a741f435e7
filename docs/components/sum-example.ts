import {castValue} from "../src/formats/cast.js";
import {valueTable} from "../src/formats/decode.js";
import {parseFormat} from "../src/formats/parse.js";
import {saturating} from "../src/formats/policy.js";
import {policies} from "../src/formats/preset.js";

/** A small sum: an accumulator to start from, and products of two E4M3 numbers. */
export interface SumExample {
  readonly addend: number;
  readonly products: readonly (readonly [number, number])[];
}

/** Products that a reader can follow at once. */
export const groupProducts = 4;
export const mostProducts = 2 * groupProducts;

const pattern = /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/;

/** Addends are multiples of the first, and no larger than the second: what can be drawn. */
const addendStep = 2 ** -18;
const largestAddend = 2 ** 20;

/**
 * The sum of an address: `3000_0.75*1.5_-2*0.5`, the addend first, then up to eight products. Factors are rounded to
 * E4M3, the addend to a multiple of 2^-18. Undefined for any other text, and for addends beyond 2^20.
 */
export function parseSum(text: string): SumExample | undefined {
  const [first, ...others] = text.split("_");
  const factors = others.map((product) => product.split("*"));
  const isSum =
    pattern.test(first) &&
    factors.length > 0 &&
    factors.length <= mostProducts &&
    factors.every((pair) => pair.length === 2 && pair.every((factor) => pattern.test(factor)));
  if (!isSum) return undefined;
  const addend = Math.fround(Math.round(Number(first) / addendStep) * addendStep);
  if (Math.abs(addend) > largestAddend) return undefined;
  return {addend, products: factors.map(([a, b]) => [nearestE4M3(Number(a)), nearestE4M3(Number(b))])};
}

/** A sum as `parseSum` reads it. */
export const sumText = ({addend, products}: SumExample): string =>
  [String(addend), ...products.map(([a, b]) => `${a}*${b}`)].join("_");

/** Sums to begin with, by what they show. */
export const sumExamples = {
  "late in a long sum":
    "3000_0.8125*1.375_1.125*0.5625_0.4375*1.75_0.9375*0.875_1.625*0.6875_0.75*0.34375_1.25*1.125_0.5*0.8125",
  "from zero":
    "0_0.8125*1.375_1.125*0.5625_0.4375*1.75_0.9375*0.875_1.625*0.6875_0.75*0.34375_1.25*1.125_0.5*0.8125",
  cancellation: "0_320*288_0.75*1.5_-288*320_1.125*0.625_0.5*0.75_1.75*0.25_0.875*1.25_1.5*0.5",
} as const;

/** Other numbers for the same addend: E4M3 values between 1/4 and 2, a different set for each seed. */
export function drawnSum(addend: number, seed: number): SumExample {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ordinary[Math.floor((state / 2 ** 32) * ordinary.length)];
  };
  return {addend, products: Array.from({length: mostProducts}, () => [draw(), draw()] as const)};
}

const e4m3 = parseFormat("e4m3fn");

/** Values whose products a reader can work out. */
const ordinary = [...valueTable(e4m3)].filter((value) => value >= 0.25 && value < 2);

/** The E4M3 number nearest to x, ties to even; the largest for everything beyond. */
const nearestE4M3 = (x: number): number =>
  castValue(x, e4m3, {rounding: "nearest-even", policy: saturating(policies.ocp)});
