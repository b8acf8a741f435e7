import type {RunSettings} from "../training/run-settings.js";
import type {FailedAttempt, PlannedRun} from "./executor.js";
import type {PlacedRun} from "./plan.js";

/** Why a run failed, for people. */
export type ReasonOf = (run: PlannedRun, attempt: Pick<FailedAttempt, "reason" | "exitCode">) => string;

/** The reason as the run gave it. */
export const plainReason: ReasonOf = (_, {reason}) => reason;

/**
 * Reasons with the place of the setting that they are about. Some combinations only a model can refuse: its error begins
 * with the key, as in `forwardUnit: h100-wgmma does not multiply e2m1 by e2m1`. Where the recipe decides what that is, the
 * place is that of the recipe; where single layers have recipes of their own, it is the file without a line.
 */
export function reasonsWithPlaces(runs: readonly PlacedRun[]): ReasonOf {
  const places = new Map(runs.map(({settings, placeOf}) => [settings, placeOf]));
  return ({settings}, {reason, exitCode}) => {
    const placeOf = places.get(settings);
    if (exitCode !== 2 || !placeOf) return reason;
    const [, key = ""] = /^(\w+): /.exec(reason) ?? [];
    const isUnclear = settings.layerRecipes !== "" && key !== "layerRecipes";
    if (isUnclear || !Object.hasOwn(settings, key)) return placeOf("") + reason;
    const isOfRecipe = settings[key as keyof RunSettings] === "recipe";
    return isOfRecipe ? `${placeOf("recipe")}recipe: ${reason}` : placeOf(key) + reason;
  };
}
