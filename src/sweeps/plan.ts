import {usageError} from "../errors.js";
import {canonicalJson} from "../training/canonical-json.js";
import type {RunSettings} from "../training/run-settings.js";
import {type SettingsChoices, settingsParser} from "../training/run-settings-schema.js";
import {type Override, overridesOf} from "./overrides.js";
import type {Axes, Choice, Preset} from "./preset.js";
import {quickRuns} from "./quick-runs.js";

const mostRuns = 100_000;

/** All runs of a settings file, or those of its block `quick`. */
export type SweepSize = "full" | "quick";

/**
 * The runs of a settings file: for each of its blocks, all combinations of the values, the first setting varying
 * slowest; no run twice. Overrides replace what the file and its blocks say. The quick size is always a part of the full.
 * @throws a usage error of one line that names the file, the line and what is allowed
 */
export function plan(
  preset: Preset,
  overrides: readonly Override[],
  choices: SettingsChoices,
  {size = "full"}: {readonly size?: SweepSize} = {},
): RunSettings[] {
  const parse = settingsParser(choices);
  const replaced = overridesOf(preset.name, overrides);
  const cases = preset.cases.length > 0 ? preset.cases : [new Map<string, readonly Choice[]>()];
  const grids: Axes[] = cases.map((added) => new Map([...preset.axes, ...added, ...replaced]));
  const count = grids.reduce((sum, grid) => sum + gridSize(grid), 0);
  if (count > mostRuns)
    throw usageError(`${preset.place}a plan of ${count} runs; at most ${mostRuns} are allowed`);

  const runs = new Map<string, RunSettings>();
  for (const grid of grids) {
    for (const point of gridPoints([...grid])) {
      const input = Object.fromEntries([...point].map(([key, {value}]) => [key, value]));
      const settings = parse(input, (key) => point.get(key)?.place ?? preset.place);
      const identity = canonicalJson(settings);
      if (!runs.has(identity)) runs.set(identity, settings);
    }
  }
  return size === "full" ? [...runs.values()] : quickRuns(preset, [...runs.values()], replaced);
}

const gridSize = (grid: Axes): number => [...grid.values()].reduce((size, {length}) => size * length, 1);

/** All combinations of one choice for each setting. */
function* gridPoints([first, ...rest]: readonly (readonly [string, readonly Choice[]])[]): Generator<
  Map<string, Choice>
> {
  if (!first) {
    yield new Map();
    return;
  }
  const [key, choices] = first;
  for (const choice of choices) {
    for (const point of gridPoints(rest)) yield new Map([[key, choice], ...point]);
  }
}
