import {settingsChoices} from "../sweeps/settings-choices.js";
import type {RunSettings} from "../training/run-settings.js";
import {settingsParser} from "../training/run-settings-schema.js";
import {unusedSettings} from "../training/unused-settings.js";

/** Says on stderr, a line for each, which of the settings do nothing in any of the runs. */
export function noteUnused(runs: readonly RunSettings[]): void {
  for (const {key, use} of unusedSettings(runs, settingsParser(settingsChoices()))) {
    process.stderr.write(`note: ${key} does nothing here; it is for ${use}\n`);
  }
}
