import type {RunSettings} from "../training/run-settings.js";

/** Names a run among others by the settings in which they differ, for example `scheme=unit recipe=fp8`. */
export function runLabels(runs: readonly RunSettings[]): string[] {
  const keys = differingKeys(runs);
  return runs.map((run) => keys.map((key) => `${key}=${run[key]}`).join(" "));
}

/** Compares by position, since settings mostly have their keys in one order; for thousands of runs that is much faster. */
function differingKeys(runs: readonly RunSettings[]): (keyof RunSettings)[] {
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
