import {lookUp} from "./lookup.js";

/** What a rounding mode looks at: where a magnitude lies between the two nearest codes. */
export interface RoundingCase {
  /** Distance from the lower code's value, as a share of the spacing: 0 ≤ rest < 1. */
  readonly rest: number;
  /** Whether the lower code is odd. */
  readonly isOdd: boolean;
}

/** Rounding modes by name: whether a magnitude goes to the upper of the two codes around it. */
export const roundings = {
  "nearest-even": ({rest, isOdd}: RoundingCase): boolean => rest > 0.5 || (rest === 0.5 && isOdd),
} as const;

export type Rounding = keyof typeof roundings;

/** @throws a usage error that lists the modes */
export const parseRounding = (name: string): Rounding => lookUp("rounding", roundings, name);
