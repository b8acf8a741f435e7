import type {SettingTexts} from "../src/training/settings-form.js";
import {continued, type EditHistory, edited, newHistory, redone, undone} from "./edit-history.js";

/** Settings through time, with those that can be gone back and forth to. */
export interface SettingsHistory {
  readonly edits: EditHistory<SettingTexts>;
  /** The setting that is being typed: what is typed next belongs to the same edit. */
  readonly typed: string | undefined;
}

export const newSettingsHistory = (settings: SettingTexts): SettingsHistory => ({
  edits: newHistory(settings),
  typed: undefined,
});

/** Names of the settings that two states differ in. */
export const changedSettings = (before: SettingTexts, after: SettingTexts): string[] =>
  Object.keys(after).filter((name) => before[name] !== after[name]);

/**
 * The history after the settings have become others. All that changes at once is one edit, and so is all that is typed
 * into one field before it is left.
 * @param isTyped whether a setting is typed, not chosen
 */
export function changedTo(
  {edits, typed}: SettingsHistory,
  next: SettingTexts,
  isTyped: (name: string) => boolean,
): SettingsHistory {
  const changed = changedSettings(edits.present, next);
  if (changed.length === 0) return {edits, typed};
  const name = changed.length === 1 && isTyped(changed[0]) ? changed[0] : undefined;
  if (name === undefined || name !== typed) return {edits: edited(edits, next), typed: name};
  const before = edits.past.at(-1);
  // What is typed and deleted again leaves nothing to undo.
  if (before && changedSettings(before, next).length === 0)
    return {edits: {...undone(edits), future: []}, typed: undefined};
  return {edits: continued(edits, next), typed};
}

/** After a field was left, what is typed there is another edit. */
export const leftField = ({edits}: SettingsHistory): SettingsHistory => ({edits, typed: undefined});

export const undoneSettings = ({edits}: SettingsHistory): SettingsHistory => ({
  edits: undone(edits),
  typed: undefined,
});

export const redoneSettings = ({edits}: SettingsHistory): SettingsHistory => ({
  edits: redone(edits),
  typed: undefined,
});
