import type {Neighbours} from "./neighbours.js";
import {numberText, roundedText} from "./number-text.js";

/** A neighbour for people, with as many digits as tell the two from each other and from the number between them. */
export function neighbourText(value: number, {x, lower, upper, isExact}: Neighbours): string {
  const text = numberText(value);
  if (!text.startsWith("≈")) return text;
  const numbers = isExact ? [lower, upper] : [lower, x, upper];
  const areApart = (digits: number) =>
    new Set(numbers.map((number) => roundedText(number, digits))).size === numbers.length;
  let digits = 6;
  while (digits < 17 && !areApart(digits)) digits++;
  return `≈ ${roundedText(value, digits)}`;
}
