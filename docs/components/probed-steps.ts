import type {RecipeRuns} from "./recipe-runs.js";

/** The steps at which the runs were looked at, that before training included. */
export function probedSteps({model: {steps, probeEvery}}: RecipeRuns): number[] {
  return Array.from({length: Math.floor(steps / probeEvery) + 1}, (_, i) => i * probeEvery);
}
