import type {RunSettings} from "../training/run-settings.js";

/** Names a run among others by the settings in which they differ, for example `scheme=unit recipe=fp8`. */
export function runLabels(runs: readonly RunSettings[]): string[] {
  const keys = Object.keys(runs[0] ?? {}) as (keyof RunSettings)[];
  const differing = keys.filter((key) => runs.some((run) => run[key] !== runs[0][key]));
  return runs.map((run) => differing.map((key) => `${key}=${run[key]}`).join(" "));
}
