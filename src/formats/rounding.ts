import {lookUp} from "./lookup.js";
import {powerOfTwo} from "./power-of-two.js";

/** What a rounding mode looks at: where a magnitude lies between the two nearest codes, and the random bits it may use. */
export interface RoundingCase {
  /** Distance from the lower code's value, as a share of the spacing: 0 ≤ rest < 1. */
  readonly rest: number;
  /** Whether the lower code is odd. */
  readonly isOdd: boolean;
  readonly isNegative?: boolean;
  /** Random word of 32 bits, for the stochastic modes. */
  readonly random?: number;
  /** How many of the word's top bits count, 1 to 32; undefined for all that the mode can use. */
  readonly bits?: number;
}

type GoesUp = (at: RoundingCase) => boolean;

/** Random bits of the modes that need a number of them, where none is named. */
export const defaultRandomBits = 8;

/**
 * Rounding modes by name: whether a magnitude goes to the upper of the two codes around it, that is away from zero.
 * Values on the grid never change: each mode is false where `rest` is 0.
 *
 * Stochastic modes, with R the random bits and N their number. A, B and C are the forms of IEEE P3109 (gfloat calls them
 * StochasticFastest, StochasticFast and Stochastic). `stochastic` without a number of bits goes up with a probability
 * of `rest`, to within 2^-32; with one it is form C.
 */
export const roundings = {
  "nearest-even": ({rest, isOdd}) => rest > 0.5 || (rest === 0.5 && isOdd),
  "nearest-away": ({rest}) => rest >= 0.5,
  "nearest-zero": ({rest}) => rest > 0.5,
  "nearest-odd": ({rest, isOdd}) => rest > 0.5 || (rest === 0.5 && !isOdd),
  zero: () => false,
  up: ({rest, isNegative}) => rest > 0 && !isNegative,
  down: ({rest, isNegative}) => rest > 0 && isNegative === true,
  away: ({rest}) => rest > 0,
  odd: ({rest, isOdd}) => rest > 0 && !isOdd,
  stochastic: (at) =>
    at.bits === undefined ? (at.random ?? 0) + 0.5 < at.rest * powerOfTwo(32) : goesUpByFormC(at),
  "stochastic-a": (at) => goesUpByCarry(at, Math.floor),
  "stochastic-b": (at) => goesUpByCarry(at, (x) => Math.floor(x + 0.5)),
  "stochastic-c": (at) => goesUpByFormC(at),
  "stochastic-odd": (at) => goesUpByCarry(at, (x) => nearestInteger(x, 1)),
  "stochastic-equal": ({rest, random = 0}) => rest > 0 && random >= powerOfTwo(31),
} as const satisfies Record<string, GoesUp>;

export type RoundingMode = keyof typeof roundings;

/** What the modes do, in words; δ is the share of the way to the value away from zero, N the number of random bits. */
export const roundingMeanings: Readonly<Record<RoundingMode, string>> = {
  "nearest-even": "to the nearest value, ties to the even code",
  "nearest-away": "to the nearest value, ties away from zero",
  "nearest-zero": "to the nearest value, ties toward zero",
  "nearest-odd": "to the nearest value, ties to the odd code",
  zero: "toward zero",
  up: "toward positive infinity",
  down: "toward negative infinity",
  away: "away from zero",
  odd: "what is not exact to the odd code",
  stochastic: "away from zero with the probability δ; with N bits as stochastic-c",
  "stochastic-a": "away from zero with the probability floor(δ·2^N) / 2^N",
  "stochastic-b": "away from zero with the probability floor(δ·2^N + 1/2) / 2^N",
  "stochastic-c": "away from zero with the probability δ·2^N, rounded to nearest even, / 2^N",
  "stochastic-odd": "away from zero with the probability δ·2^N, rounded to nearest with ties to odd, / 2^N",
  "stochastic-equal": "to either neighbour with the probability 1/2",
};

/** @throws a usage error that lists the modes */
export const parseRounding = (name: string): RoundingMode => lookUp("rounding", roundings, name);

/** Whether results depend on random bits. */
export const isStochastic = (rounding: RoundingMode): boolean => rounding.startsWith("stochastic");

/** How many bits of a random word a stochastic mode uses, where `bits` says so or not: 32 are all. */
export const randomBitsOf = (rounding: RoundingMode, bits: number | undefined): number =>
  bits ?? (rounding === "stochastic" ? 32 : defaultRandomBits);

/** Whether the mode picks the nearer of two values, whichever way it lies. */
export const isNearest = (rounding: RoundingMode): boolean => rounding.startsWith("nearest");

/** N random bits are added to the rest, brought to N bits by `toInteger`; the carry goes up. */
function goesUpByCarry(
  {rest, random = 0, bits = defaultRandomBits}: RoundingCase,
  toInteger: (x: number) => number,
): boolean {
  const range = powerOfTwo(bits);
  return toInteger(rest * range) + Math.floor(random / powerOfTwo(32 - bits)) >= range;
}

const goesUpByFormC = (at: RoundingCase): boolean => goesUpByCarry(at, (x) => nearestInteger(x, 0));

/** The nearest integer, where a tie goes to the one of the given parity. */
function nearestInteger(x: number, parity: 0 | 1): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && Math.abs(below % 2) !== parity) ? below + 1 : below;
}
