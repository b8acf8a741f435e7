import {canonicalJson} from "../training/canonical-json.js";
import type {RunSettings} from "../training/run-settings.js";
import {type SettingsChoices, settingsParser} from "../training/run-settings-schema.js";
import type {PlannedRun} from "./executor.js";
import type {Failure} from "./failures.js";
import type {StoredRun} from "./store-survey.js";

/** How far a sweep is. Every run of the plan is finished, published or missing. */
export interface SweepStatus {
  readonly name: string;
  readonly runs: number;
  /** In the store, computed by the engine of today. */
  readonly finished: number;
  /** Of these, those that diverged. */
  readonly diverged: number;
  /** Not in the store, and published. */
  readonly published: number;
  readonly missing: number;
  /** Of the missing ones, those that were tried. */
  readonly failures: readonly Failure[];
  /** Records of runs of this sweep by another engine, or from before there was some setting: kept, and not used. */
  readonly superseded: readonly StoredRun[];
  /** Of its records in the store, superseded ones included. */
  readonly bytes: number;
}

export interface StatusSources {
  /** What the store has, by id. */
  readonly records: ReadonlyMap<string, StoredRun>;
  readonly failures: ReadonlyMap<string, Failure>;
  readonly isPublished: (settings: RunSettings) => boolean;
  /** Records of the store by the settings that they have today; see `bySettings`. */
  readonly bySettings: ReadonlyMap<string, readonly StoredRun[]>;
}

export function sweepStatus(
  name: string,
  runs: readonly PlannedRun[],
  {records, failures, isPublished, bySettings}: StatusSources,
): SweepStatus {
  const finished = runs.flatMap(({id}) => records.get(id) ?? []);
  const unfinished = runs.filter(({id}) => !records.has(id));
  const published = unfinished.filter(({settings}) => isPublished(settings)).length;
  const superseded = runs.flatMap(({id, settings}) =>
    (bySettings.get(canonicalJson(settings)) ?? []).filter(({summary}) => summary.id !== id),
  );
  return {
    name,
    runs: runs.length,
    finished: finished.length,
    diverged: finished.filter(({summary}) => summary.diverged !== null).length,
    published,
    missing: unfinished.length - published,
    failures: unfinished.flatMap(({id}) => failures.get(id) ?? []),
    superseded,
    bytes: bytesOf([...finished, ...superseded]),
  };
}

export const bytesOf = (files: readonly {readonly bytes: number}[]): number =>
  files.reduce((sum, {bytes}) => sum + bytes, 0);

/** Records by the canonical JSON of their settings, those that have come since at their defaults. */
export function bySettings(records: Iterable<StoredRun>, choices: SettingsChoices): Map<string, StoredRun[]> {
  const parse = settingsParser(choices);
  const found = new Map<string, StoredRun[]>();
  for (const stored of records) {
    const key = currentSettings(stored.summary.settings, parse);
    found.set(key, [...(found.get(key) ?? []), stored]);
  }
  return found;
}

/** Settings that nobody can ask for any more stand for themselves. */
function currentSettings(settings: RunSettings, parse: ReturnType<typeof settingsParser>): string {
  try {
    return canonicalJson(parse({...settings}, () => ""));
  } catch {
    return canonicalJson(settings);
  }
}
