import type {RecipeLossRow} from "./recipe-loss-row.js";
import {recipeTitle} from "./recipe-styles.js";

/** Differences of the loss, in nats per token, that are seen at a glance where they last. */
const visible = 0.05;

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

/** Whether and when the losses of two recipes part, in a sentence; empty for a recipe and itself. */
export function lossPartingSentence(
  rows: readonly RecipeLossRow[],
  {a, b}: {readonly a: string; readonly b: string},
): string {
  if (a === b) return "";
  const of = (name: string) => rows.filter(({recipe}) => recipe === name);
  const step = lossParting(of(a), of(b), visible);
  const names = `${recipeTitle(a)} and ${recipeTitle(b)}`;
  return step === undefined
    ? `The losses of ${names} end within ${visible} nats of each other.`
    : `From step ${step} on the losses of ${names} stay more than ${visible} nats apart.`;
}
