import {publishedRecords} from "../src/sweeps/published.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import type {RunRecord} from "../src/training/run-record.js";
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
