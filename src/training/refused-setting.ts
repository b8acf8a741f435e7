import type {RunSettings} from "./run-settings.js";

/**
 * The setting to change when a model refuses a run. Such an error begins with the setting that it is about, as in
 * `forwardUnit: h100-wgmma does not multiply e2m1 by e2m1`; where the recipe decides what that is, it is the recipe.
 * @returns undefined where the error names none, or single layers have recipes of their own
 */
export function refusedSetting(message: string, settings: RunSettings): keyof RunSettings | undefined {
  const [, key = ""] = /^(\w+): /.exec(message) ?? [];
  const isUnclear = settings.layerRecipes !== "" && key !== "layerRecipes";
  if (isUnclear || !Object.hasOwn(settings, key)) return undefined;
  const named = key as keyof RunSettings;
  return settings[named] === "recipe" ? "recipe" : named;
}
