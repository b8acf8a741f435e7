import {nearestName, usageError} from "../errors.js";
import type {RunSettings} from "../training/run-settings.js";
import type {Choice, Grid, Preset} from "./preset.js";

/** Names of blocks, by group. */
export type BlockNames = Readonly<Record<string, string>>;

/** A run, and the named blocks that it comes from. */
export interface PlannedSettings {
  readonly settings: RunSettings;
  /** More than one where different blocks or cases give the same run. */
  readonly blocks: readonly BlockNames[];
}

/**
 * The runs of the quick size, in the order of the plan: those whose settings are all among the values of one of the
 * blocks below `quick`. They are a part of the full size, so that their results can be compared with what it published.
 *
 * @param replaced what overrides have replaced, here as in the rest of the file
 * @throws a one-line usage error when there is no quick size, or a value or a block in it is that of no run
 */
export function quickRuns<Run extends PlannedSettings>(
  {name, place, quick}: Preset,
  runs: readonly Run[],
  replaced: Grid,
): Run[] {
  if (quick.length === 0) {
    throw usageError(
      `${place}${name} has no quick size; a block "quick: {seed: 1}" says which runs are in it`,
    );
  }
  const chosen = new Set<Run>();
  for (const grid of quick) {
    const conditions = conditionsOf(grid, replaced);
    for (const condition of conditions) refuseForeign(condition, runs);
    const matching = runs.filter((run) => conditions.every((condition) => meets(run, condition)));
    if (matching.length === 0) {
      throw usageError(
        `${conditions[0].choices[0].place}quick: no run has all of the settings of this block`,
      );
    }
    for (const run of matching) chosen.add(run);
  }
  return runs.filter((run) => chosen.has(run));
}

/** That a setting of a run, or one of the blocks that it comes from, is among some. */
interface Condition {
  readonly key: string;
  readonly choices: readonly Choice[];
  readonly valuesOf: (run: PlannedSettings) => readonly unknown[];
}

function conditionsOf({axes, blocks}: Grid, replaced: Grid): Condition[] {
  const ofSettings = [...axes].map(([key, choices]) => ({
    ...{key, choices},
    valuesOf: ({settings}: PlannedSettings) => [(settings as unknown as Record<string, unknown>)[key]],
  }));
  const ofBlocks = [...blocks].map(([key, choices]) => ({
    ...{key, choices},
    valuesOf: ({blocks}: PlannedSettings) => blocks.map((names) => names[key]),
  }));
  return [
    ...ofSettings.filter(({key}) => !replaced.axes.has(key)),
    ...ofBlocks.filter(({key}) => !replaced.blocks.has(key)),
  ];
}

const meets = (run: PlannedSettings, {choices, valuesOf}: Condition): boolean =>
  valuesOf(run).some((found) => choices.some(({value}) => value === found));

/** Refuses a value that no run has: the quick size would be smaller than it says, or empty. */
function refuseForeign({key, choices, valuesOf}: Condition, runs: readonly PlannedSettings[]): void {
  const values = [...new Set(runs.flatMap(valuesOf))];
  const foreign = choices.find(({value}) => !values.includes(value));
  if (!foreign) return;
  const nearest = nearestName(String(foreign.value), values.map(String));
  const help = typeof foreign.value === "string" && nearest ? `; did you mean "${nearest}"?` : "";
  throw usageError(
    `${foreign.place}quick: ${key}: no run has ${JSON.stringify(foreign.value)}; the runs have ${listed(values)}${help}`,
  );
}

const listed = (values: readonly unknown[], most = 12): string =>
  values.slice(0, most).join(", ") + (values.length > most ? `, … (${values.length})` : "");
