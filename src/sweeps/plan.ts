import {usageError} from "../errors.js";
import type {RunSettings} from "../training/run-settings.js";
import {
  type SettingsChoices,
  settingsKeys,
  settingsParser,
  unknownKey,
} from "../training/run-settings-schema.js";
import {type Override, overriddenAxes, overridesFor} from "./overrides.js";
import {type Axes, type Choice, type Grid, knownBlock, type Preset} from "./preset.js";
import {type BlockNames, quickRuns} from "./quick-runs.js";

const mostRuns = 100_000;

/** All runs of a settings file, or those of its block `quick`. */
export type SweepSize = "full" | "quick";

/** A run, and where its settings stand. */
export interface PlacedRun {
  readonly settings: RunSettings;
  /** What stands before an error about a setting: file and line, `--set`, or just the file where nothing gives it a value. */
  readonly placeOf: (key: string) => string;
}

/** The runs of a settings file as `placedRuns` gives them. */
export const plan = (...given: Parameters<typeof placedRuns>): RunSettings[] =>
  placedRuns(...given).map(({settings}) => settings);

/**
 * The runs of a settings file: for each of its cases and each combination of its named blocks, all combinations of the
 * values, the first setting varying slowest; no run twice. Overrides replace what the file, its blocks and its cases say.
 * The quick size is always a part of the full one.
 * @throws a usage error of one line that names the file, the line and what is allowed
 */
export function placedRuns(
  preset: Preset,
  overrides: readonly Override[],
  choices: SettingsChoices,
  {size = "full"}: {readonly size?: SweepSize} = {},
): PlacedRun[] {
  const replaced = givenGrid(preset, overrides);
  const parts = gridParts(preset, replaced);
  const count = parts.reduce((sum, {axes}) => sum + gridSize(axes), 0);
  if (count > mostRuns)
    throw usageError(`${preset.place}a plan of ${count} runs; at most ${mostRuns} are allowed`);

  const parse = settingsParser(choices);
  const runs = new Map<string, PlacedRun & {blocks: BlockNames[]}>();
  for (const {axes, blocks} of parts) {
    for (const point of gridPoints(axes)) {
      const input = Object.fromEntries(point.map(([key, {value}]) => [key, value]));
      const placeOf = (key: string) => point.find(([given]) => given === key)?.[1].place ?? preset.place;
      const settings = parse(input, placeOf);
      const identity = JSON.stringify(settings); // the parser gives all runs the same order of keys
      const run = runs.get(identity);
      if (run) run.blocks.push(blocks);
      else runs.set(identity, {settings, placeOf, blocks: [blocks]});
    }
  }
  return size === "full" ? [...runs.values()] : quickRuns(preset, [...runs.values()], replaced);
}

/** What overrides say: settings, and names of blocks by the name of their group. */
function givenGrid({name, groups}: Preset, overrides: readonly Override[]): Grid {
  const known = [...settingsKeys, ...groups.keys()];
  const meant = overridesFor(name, overrides);
  for (const {key, text} of meant) if (!known.includes(key)) throw unknownKey(key, `--set ${text}: `, known);
  const given = [...overriddenAxes(meant)];
  const isGroup = ([key]: [string, unknown]) => groups.has(key);
  const chosen = given.filter(isGroup).map(([group, names]): [string, readonly Choice[]] => {
    return [group, names.map((choice) => knownBlock(group, choice, groups))];
  });
  return {axes: new Map(given.filter((entry) => !isGroup(entry))), blocks: new Map(chosen)};
}

/** The axes of each case together with each combination of blocks; blocks vary slowest, and a case counts over them. */
function gridParts({axes, groups, cases}: Preset, replaced: Grid): {axes: Axes; blocks: BlockNames}[] {
  const everything: Grid = {axes: new Map(), blocks: new Map()};
  return (cases.length > 0 ? cases : [everything]).flatMap((added) => {
    const names = [...groups].map(([group, blocks]): [string, readonly Choice[]] => {
      const all = [...blocks.keys()].map((value) => ({value, place: ""}));
      return [group, replaced.blocks.get(group) ?? added.blocks.get(group) ?? all];
    });
    return [...gridPoints(new Map(names))].map((point) => {
      const chosen = point.map(([group, {value}]): [string, string] => [group, String(value)]);
      const ofBlocks = chosen.flatMap(([group, name]) => [...(groups.get(group)?.get(name) ?? [])]);
      return {
        axes: new Map([...axes, ...ofBlocks, ...added.axes, ...replaced.axes]),
        blocks: Object.fromEntries(chosen),
      };
    });
  });
}

const gridSize = (axes: Axes): number => [...axes.values()].reduce((size, {length}) => size * length, 1);

/** All combinations of one choice for each key, the first key varying slowest. */
function* gridPoints(axes: Axes): Generator<[string, Choice][]> {
  const entries = [...axes];
  const indices = entries.map(() => 0);
  for (;;) {
    yield entries.map(([key, choices], axis) => [key, choices[indices[axis]]]);
    let axis = entries.length - 1;
    while (axis >= 0 && indices[axis] === entries[axis][1].length - 1) indices[axis--] = 0;
    if (axis < 0) return;
    indices[axis] += 1;
  }
}
