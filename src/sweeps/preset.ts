import {readdirSync} from "node:fs";
import {basename, extname, join, resolve} from "node:path";
import {type BitscapeError, failure, nearestName, usageError} from "../errors.js";
import {fileProblem} from "../training/file-problem.js";
import {packageFolder} from "../training/folders.js";
import {settingsKeys, unknownKey} from "../training/run-settings-schema.js";
import {readYaml, type YamlSource} from "../training/yaml-source.js";
import {expandRange} from "./integer-range.js";

/** A value that a setting can take, and what stands before an error about it: the file and line, or `--set`. */
export interface Choice {
  readonly value: unknown;
  readonly place: string;
}

/** The values of each setting; more than one make an axis of a grid. */
export type Axes = ReadonlyMap<string, readonly Choice[]>;

/** Some axes, and for each group of named blocks the names that are meant, all where nothing is said. */
export interface Grid {
  readonly axes: Axes;
  readonly blocks: ReadonlyMap<string, readonly Choice[]>;
}

/** Named blocks of a group, such as sizes of a model: each is a set of axes under a name. */
export type Group = ReadonlyMap<string, Axes>;

/** A settings file. */
export interface Preset {
  readonly name: string;
  /** What stands before an error about a setting that the file does not mention. */
  readonly place: string;
  /** What holds for all runs. */
  readonly axes: Axes;
  /** Groups of named blocks; every case is multiplied by the blocks of each group. */
  readonly groups: ReadonlyMap<string, Group>;
  /** Grids that each add settings or replace some; the runs are those of one after the other. */
  readonly cases: readonly Grid[];
  /** The quick size: runs whose settings are all among those of one of these. Empty where there is none. */
  readonly quick: readonly Grid[];
}

/** No settings file: one run with the default of every setting. */
export const defaultPreset: Preset = {
  ...{name: "default", place: ""},
  ...{axes: new Map(), groups: new Map(), cases: [], quick: []},
};

const settingsFolder = join(packageFolder, "data/settings");

/** What `bitscape sweep NAME` takes for commands of its own. */
const commandNames = ["status", "export", "diff", "gc"];

/** Names of the settings files in a folder, sorted. @throws a one-line error, also for a name that is a command's */
export function presetNames(folder = settingsFolder): string[] {
  const names = yamlNames(folder);
  const taken = names.find((name) => commandNames.includes(name));
  if (taken === undefined) return names;
  throw usageError(
    `${join(folder, `${taken}.yaml`)}: "bitscape sweep ${taken}" is a command; give the settings another name`,
  );
}

function yamlNames(folder: string): string[] {
  try {
    const files = readdirSync(folder).sort();
    return files.filter((file) => extname(file) === ".yaml").map((file) => basename(file, ".yaml"));
  } catch (error) {
    throw failure(`cannot read the settings in ${folder}: ${fileProblem(error)}`);
  }
}

/**
 * Reads `data/settings/NAME.yaml`, or a file anywhere. Values are checked when runs are planned.
 * @throws a one-line error for a missing file, one that is not YAML, or an unknown setting
 */
export function readPreset(nameOrFile: string, {folder = settingsFolder}: {folder?: string} = {}): Preset {
  const isFile = /[/\\]|\.ya?ml$/.test(nameOrFile);
  if (isFile) return parsePreset(basename(nameOrFile, extname(nameOrFile)), readYaml(resolve(nameOrFile)));
  const names = presetNames(folder);
  if (!names.includes(nameOrFile)) throw unknownPreset(nameOrFile, names);
  return parsePreset(nameOrFile, readYaml(join(folder, `${nameOrFile}.yaml`)));
}

export function unknownPreset(name: string, names: readonly string[], place = "") {
  const nearest = nearestName(name, names);
  const help = nearest ? `did you mean "${nearest}"?` : `known: ${names.join(", ")}`;
  return usageError(`${place}there are no settings "${name}"; ${help}`);
}

export function parsePreset(name: string, source: YamlSource): Preset {
  const {cases = [], quick = [], blocks = {}, ...settings} = mapping(source, []);
  const groups = parseGroups(blocks, source);
  const grids = (key: string, list: readonly unknown[]) =>
    list.map((_, i) => parseGrid(source, [key, i], groups));
  if (!Array.isArray(cases)) throw usageError(`${source.where(["cases"])}: cases: expected a list of blocks`);
  return {
    name,
    place: `${source.file}: `,
    axes: parseAxes(settings, source, [], presetKeys),
    groups,
    cases: grids("cases", cases),
    quick: Array.isArray(quick) ? grids("quick", quick) : [parseGrid(source, ["quick"], groups)],
  };
}

/** Keys of a settings file that are not settings. */
const presetKeys = ["cases", "quick", "blocks"];

type Path = readonly (string | number)[];

function parseGroups(blocks: unknown, source: YamlSource): ReadonlyMap<string, Group> {
  if (!isMapping(blocks))
    throw usageError(`${source.where(["blocks"])}: blocks: expected groups of named blocks`);
  return new Map(
    Object.entries(blocks).map(([group, named]) => {
      const place = source.where(["blocks", group]);
      if ([...settingsKeys, ...presetKeys].includes(group)) {
        throw usageError(`${place}: blocks: ${group} is a setting already; give the group another name`);
      }
      if (!isMapping(named) || Object.keys(named).length === 0) {
        throw usageError(
          `${place}: blocks: ${group}: expected named blocks, written as "name: {key: value}"`,
        );
      }
      const axes = Object.keys(named).map((block): [string, Axes] => {
        const path = ["blocks", group, block];
        return [block, parseAxes(mapping(source, path), source, path)];
      });
      return [group, new Map(axes)];
    }),
  );
}

function parseGrid(source: YamlSource, path: Path, groups: ReadonlyMap<string, Group>): Grid {
  const {blocks = {}, ...settings} = mapping(source, path);
  if (!isMapping(blocks)) {
    throw usageError(
      `${source.where([...path, "blocks"])}: blocks: expected "group: name", or a list of names`,
    );
  }
  const chosen = Object.entries(blocks).map(([group, names]): [string, readonly Choice[]] => {
    const choices = parseChoices(group, names, source, [...path, "blocks"]);
    return [group, choices.map((choice) => knownBlock(group, choice, groups))];
  });
  return {axes: parseAxes(settings, source, path, ["blocks"]), blocks: new Map(chosen)};
}

/** A choice whose value is the name of a block. @throws a usage error when there is no such group or block */
export function knownBlock(group: string, choice: Choice, groups: ReadonlyMap<string, Group>): Choice {
  const value = String(choice.value);
  const blocks = groups.get(group);
  if (!blocks) throw noSuch("group of blocks", group, [...groups.keys()], choice.place);
  if (!blocks.has(value)) throw noSuch(`block of ${group}`, value, [...blocks.keys()], choice.place);
  return {...choice, value};
}

function noSuch(what: string, name: string, names: readonly string[], place: string): BitscapeError {
  const nearest = nearestName(name, names);
  const help = nearest ? `did you mean "${nearest}"?` : `known: ${names.join(", ") || "none"}`;
  return usageError(`${place}blocks: there is no ${what} "${name}"; ${help}`);
}

/** The settings at a place of the file. */
function mapping(source: YamlSource, path: Path): Record<string, unknown> {
  const value = path.reduce<unknown>(
    (part, key) => (part as Record<string | number, unknown>)[key],
    source.value,
  );
  if (value === null && path.length === 0) return {}; // an empty file
  if (!isMapping(value))
    throw usageError(`${source.where(path)}: expected settings, written as "key: value"`);
  return value;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parseAxes(
  settings: Record<string, unknown>,
  source: YamlSource,
  path: Path,
  otherKeys: readonly string[] = [],
): Axes {
  return new Map(
    Object.entries(settings).map(([key, value]) => {
      if (!settingsKeys.includes(key)) {
        throw unknownKey(key, `${source.where([...path, key])}: `, [...settingsKeys, ...otherKeys]);
      }
      return [key, parseChoices(key, value, source, path)];
    }),
  );
}

function parseChoices(key: string, value: unknown, source: YamlSource, path: Path): readonly Choice[] {
  const placeOf = (...rest: Path) => `${source.where([...path, key, ...rest])}: `;
  const expanded = (value: unknown, place: string) =>
    expandRange(value, key, place).map((value) => ({value, place}));
  if (!Array.isArray(value)) return expanded(value, placeOf());
  if (value.length === 0) throw usageError(`${placeOf()}${key}: the list is empty`);
  return value.flatMap((item, i) => expanded(item, placeOf(i)));
}
