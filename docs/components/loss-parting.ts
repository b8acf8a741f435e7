import type {RecipeLossRow} from "./recipe-loss-row.js";

/**
 * The first step from which on the losses of two runs stay further apart than a threshold, in nats per token; undefined
 * where the last ones are as near as that. A run that ends before the other parts from it there.
 */
export function lossParting(
  a: readonly RecipeLossRow[],
  b: readonly RecipeLossRow[],
  threshold: number,
): number | undefined {
  const length = Math.min(a.length, b.length);
  let parting = a.length === b.length ? undefined : (a[length] ?? b[length]).step;
  for (let i = length - 1; i >= 0; i--) {
    if (Math.abs(a[i].loss - b[i].loss) <= threshold) break;
    parting = a[i].step;
  }
  return parting;
}
