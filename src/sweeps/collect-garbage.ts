import {rmSync} from "node:fs";
import {runId} from "../training/run-id.js";
import type {RunSettings} from "../training/run-settings.js";
import {type SettingsChoices, settingsParser} from "../training/run-settings-schema.js";
import type {Failure} from "./failures.js";
import type {StoreFile} from "./store-files.js";
import type {StoreSurvey} from "./store-survey.js";

/** A file that can go, and why. */
export interface Garbage {
  readonly path: string;
  readonly bytes: number;
  readonly reason: string;
}

export interface GarbageOptions {
  readonly survey: StoreSurvey;
  readonly failures: readonly StoredFailure[];
  readonly choices: SettingsChoices;
  readonly engine: string;
  /** Whether finished work of other engines, and of earlier versions, goes too. */
  readonly otherEngines?: boolean;
}

export interface StoredFailure {
  readonly failure: Failure;
  readonly file: StoreFile;
}

/** What a store can do without. Finished work of today's engine is never among it. */
export function findGarbage({survey, failures, choices, engine, otherEngines}: GarbageOptions): Garbage[] {
  const garbage = [
    ...survey.leftBehind.map((file) => describe(file, "left half-written by a killed process")),
    ...survey.setAside.map((file) => describe(file, "set aside, since not what its name says")),
    ...survey.checkpoints
      .filter(({run}) => survey.records.has(run.id))
      .map(({file}) => describe(file, "the checkpoint of a run that has been finished since")),
    ...survey.checkpoints
      .filter(({run}) => !survey.records.has(run.id) && run.engine !== engine)
      .map(({file, run}) => describe(file, `the checkpoint of a run by engine ${run.engine}`)),
    ...failures
      .filter(({failure}) => survey.records.has(failure.id))
      .map(({file}) => describe(file, "the failure of a run that has been finished since")),
    ...failures
      .filter(({failure}) => !survey.records.has(failure.id) && !isCurrent(failure, choices, engine))
      .map(({file}) => describe(file, "the failure of a run that nobody can ask for any more")),
  ];
  if (!otherEngines) return garbage;
  const foreign = [...survey.records.values()].filter(({summary}) => summary.engine !== engine);
  return [
    ...garbage,
    ...foreign.map(({path, bytes, summary}) => ({path, bytes, reason: `by engine ${summary.engine}`})),
    ...survey.older.map((file) => describe(file, "of an earlier version of Bitscape")),
  ];
}

const describe = ({path, bytes}: StoreFile, reason: string): Garbage => ({path, bytes, reason});

/** Whether the settings, as they would be completed today, still give the id. */
function isCurrent({id, settings}: Failure, choices: SettingsChoices, engine: string): boolean {
  let today: RunSettings;
  try {
    today = settingsParser(choices)({...settings}, () => "");
  } catch {
    return false;
  }
  return runId(today, engine) === id;
}

/** Removes it. @returns what could not be removed, with the error */
export function removeGarbage(garbage: readonly Garbage[]): {path: string; error: unknown}[] {
  const kept: {path: string; error: unknown}[] = [];
  for (const {path} of garbage) {
    try {
      rmSync(path, {force: true, recursive: true});
    } catch (error) {
      kept.push({path, error});
    }
  }
  return kept;
}
