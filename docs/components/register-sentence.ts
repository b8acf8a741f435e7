import type {RegisterRow} from "./register-sums.js";

/** What became of the sum in registers that wrap and saturate, in words. */
export function registerSentence(rows: readonly RegisterRow[], bits: number): string {
  const {exact, wrap, saturate, k} = rows.at(-1)!;
  const half = 2 ** (bits - 1);
  const range = `${bits} bits hold ${integerText(-half)} to ${integerText(half - 1)}.`;
  const peak = rows.reduce((most, row) => Math.max(most, Math.abs(row.exact)), 0);
  if (peak < half) return `${range} The sum never leaves them, and both registers are exact.`;
  return (
    `${range} After ${k} products the exact sum is ${integerText(exact)}; the register that wraps ` +
    `${outcome(wrap, exact)}, the one that saturates ${outcome(saturate, exact)}.`
  );
}

const outcome = (sum: number, exact: number): string =>
  sum === exact ? "has it again" : `has ${integerText(sum)}`;

export const integerText = (x: number): string => x.toLocaleString("en").replace("-", "−");
