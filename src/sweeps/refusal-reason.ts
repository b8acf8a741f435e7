import {refusedSetting} from "../training/refused-setting.js";
import type {FailedAttempt, PlannedRun} from "./executor.js";
import type {PlacedRun} from "./plan.js";

/** Why a run failed, for people. */
export type ReasonOf = (run: PlannedRun, attempt: Pick<FailedAttempt, "reason" | "exitCode">) => string;

/** The reason as the run gave it. */
export const plainReason: ReasonOf = (_, {reason}) => reason;

/**
 * Reasons with the place of the setting that they are about, where some combination only a model can refuse; where it is
 * unclear which setting that is, the place is the file without a line.
 */
export function reasonsWithPlaces(runs: readonly PlacedRun[]): ReasonOf {
  const places = new Map(runs.map(({settings, placeOf}) => [settings, placeOf]));
  return ({settings}, {reason, exitCode}) => {
    const placeOf = places.get(settings);
    if (exitCode !== 2 || !placeOf) return reason;
    const key = refusedSetting(reason, settings);
    const isNamed = !key || reason.startsWith(`${key}: `);
    return `${placeOf(key ?? "")}${isNamed ? "" : `${key}: `}${reason}`;
  };
}
