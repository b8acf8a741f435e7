import {listed} from "../src/laws/listed.js";
import type {RandomBitsMean} from "./random-bits-columns.js";

/** Close enough to the true sum to call it reached. */
const tolerance = 0.05;

/** With how many random bits, of those tried, each form first reaches the true sum. */
export function randomBitsClaim(rows: readonly RandomBitsMean[]): string {
  const parts = Object.keys(rows[0].means).map((form) => {
    const reached = rows.find(({means, exact}) => Math.abs(means[form] / exact - 1) < tolerance);
    return `${reached?.bits ?? "none"} in form ${form.toUpperCase()}`;
  });
  return `Of the numbers of bits in the table, the first that brings the mean within ${tolerance * 100}% of the true sum is ${listed(parts)}.`;
}
