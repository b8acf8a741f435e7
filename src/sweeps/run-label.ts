import type {RunSettings} from "../training/run-settings.js";
import {differingKeys} from "./differing-keys.js";

/** Names a run among others by the settings in which they differ, for example `scheme=unit recipe=fp8`. */
export function runLabels(runs: readonly RunSettings[]): string[] {
  const keys = differingKeys(runs);
  return runs.map((run) => keys.map((key) => `${key}=${run[key]}`).join(" "));
}
