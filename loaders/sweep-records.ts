import {publishedRecords} from "../src/sweeps/published.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import type {RunRecord} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {type SettingsParser, settingsParser} from "../src/training/run-settings-schema.js";

/** The published records of a sweep. One may be older than a setting: it gets the default, which it was computed with. */
export async function publishedSweep(
  name: string,
  parse: SettingsParser = settingsParser(settingsChoices()),
): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const record of publishedRecords(name)) {
    records.push({...record, settings: parse({...record.settings})});
  }
  return records;
}

/** The settings that are not the same in all runs, in the order of the schema. */
export function differingKeys([first, ...others]: readonly RunRecord[]): (keyof RunSettings)[] {
  const keys = Object.keys(first?.settings ?? {}) as (keyof RunSettings)[];
  return keys.filter((key) => others.some(({settings}) => settings[key] !== first.settings[key]));
}
