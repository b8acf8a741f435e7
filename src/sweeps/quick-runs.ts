import {nearestName, usageError} from "../errors.js";
import type {RunSettings} from "../training/run-settings.js";
import type {Axes, Preset} from "./preset.js";

/**
 * The runs of the quick size, in the order of the plan: those whose settings are all among the values of one of the
 * blocks below `quick`. They are a part of the full size, so that their results can be compared with what it published.
 *
 * @param replaced settings that overrides have replaced, here as in the rest of the file
 * @throws a one-line usage error when there is no quick size, or a value or a block in it is that of no run
 */
export function quickRuns(
  {name, place, quick}: Preset,
  runs: readonly RunSettings[],
  replaced: Axes,
): RunSettings[] {
  if (quick.length === 0) {
    throw usageError(
      `${place}${name} has no quick size; a block "quick: {seed: 1}" says which runs are in it`,
    );
  }
  const chosen = new Set<RunSettings>();
  for (const block of quick) {
    const conditions = [...block].filter(([key]) => !replaced.has(key));
    for (const [key, choices] of conditions) refuseForeign(key as keyof RunSettings, choices, runs);
    const matching = runs.filter((run) =>
      conditions.every(([key, choices]) =>
        choices.some(({value}) => value === run[key as keyof RunSettings]),
      ),
    );
    if (matching.length === 0) {
      const [, choices] = conditions[0];
      throw usageError(`${choices[0].place}quick: no run has all of the settings of this block`);
    }
    for (const run of matching) chosen.add(run);
  }
  return runs.filter((run) => chosen.has(run));
}

/** Refuses a value that no run has: the quick size would be smaller than it says, or empty. */
function refuseForeign(
  key: keyof RunSettings,
  choices: readonly {readonly value: unknown; readonly place: string}[],
  runs: readonly RunSettings[],
): void {
  const values = [...new Set(runs.map((run) => run[key]))];
  const foreign = choices.find(({value}) => !values.includes(value as never));
  if (!foreign) return;
  const nearest = nearestName(String(foreign.value), values.map(String));
  const help = typeof foreign.value === "string" && nearest ? `; did you mean "${nearest}"?` : "";
  throw usageError(
    `${foreign.place}quick: ${key}: no run has ${JSON.stringify(foreign.value)}; the runs have ${listed(values)}${help}`,
  );
}

const listed = (values: readonly unknown[], most = 12): string =>
  values.slice(0, most).join(", ") + (values.length > most ? `, … (${values.length})` : "");
