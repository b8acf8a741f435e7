import type {RunSettings} from "../training/run-settings.js";

/**
 * The settings that are not the same in all runs, in the order of the first. Compares by position, since settings mostly
 * have their keys in one order; for thousands of runs that is much faster.
 */
export function differingKeys(runs: readonly RunSettings[]): (keyof RunSettings)[] {
  const [first] = runs;
  if (!first) return [];
  const keys = Object.keys(first) as (keyof RunSettings)[];
  const values = Object.values(first);
  const differing = new Set<keyof RunSettings>();
  for (const run of runs) {
    const ownKeys = Object.keys(run);
    const ownValues = Object.values(run);
    keys.forEach((key, i) => {
      const value = ownKeys[i] === key ? ownValues[i] : run[key];
      if (value !== values[i]) differing.add(key);
    });
  }
  return keys.filter((key) => differing.has(key));
}
