import {readdirSync} from "node:fs";
import {basename, extname, join, resolve} from "node:path";
import {failure, nearestName, usageError} from "../errors.js";
import {fileProblem} from "../training/file-problem.js";
import {packageFolder} from "../training/folders.js";
import {settingsKeys, unknownKey} from "../training/run-settings-schema.js";
import {readYaml, type YamlSource} from "../training/yaml-source.js";

/** A value that a setting can take, and what stands before an error about it: the file and line, or `--set`. */
export interface Choice {
  readonly value: unknown;
  readonly place: string;
}

/** The values of each setting; more than one make an axis of a grid. */
export type Axes = ReadonlyMap<string, readonly Choice[]>;

/** A settings file: axes that hold for all of its runs, and blocks that each add or replace some. */
export interface Preset {
  readonly name: string;
  /** What stands before an error about a setting that the file does not mention. */
  readonly place: string;
  readonly axes: Axes;
  readonly cases: readonly Axes[];
  /** The quick size: runs whose settings are all among those of one of these blocks. Empty where there is none. */
  readonly quick: readonly Axes[];
}

/** No settings file: one run with the default of every setting. */
export const defaultPreset: Preset = {name: "default", place: "", axes: new Map(), cases: [], quick: []};

const settingsFolder = join(packageFolder, "data/settings");

/** Names of the settings files in a folder, sorted. */
export function presetNames(folder = settingsFolder): string[] {
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
  const {cases = [], quick = [], ...settings} = block(source, []);
  if (!Array.isArray(cases)) throw usageError(`${source.where(["cases"])}: cases must be a list of blocks`);
  const blocks = (key: string, list: readonly unknown[]) =>
    list.map((_, i) => axes(block(source, [key, i]), source, [key, i], settingsKeys));
  return {
    name,
    place: `${source.file}: `,
    axes: axes(settings, source, [], [...settingsKeys, "cases", "quick"]),
    cases: blocks("cases", cases),
    quick: Array.isArray(quick)
      ? blocks("quick", quick)
      : [axes(block(source, ["quick"]), source, ["quick"], settingsKeys)],
  };
}

type Path = readonly (string | number)[];

/** The block of settings at a place of the file. */
function block(source: YamlSource, path: Path): Record<string, unknown> {
  const value = path.reduce<unknown>(
    (part, key) => (part as Record<string | number, unknown>)[key],
    source.value,
  );
  if (value === null && path.length === 0) return {}; // an empty file
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw usageError(`${source.where(path)}: expected settings, written as "key: value"`);
  }
  return value as Record<string, unknown>;
}

function axes(
  settings: Record<string, unknown>,
  source: YamlSource,
  path: Path,
  known: readonly string[],
): Axes {
  return new Map(
    Object.entries(settings).map(([key, value]) => {
      const place = (...rest: Path) => `${source.where([...path, key, ...rest])}: `;
      if (!settingsKeys.includes(key)) throw unknownKey(key, place(), known);
      if (!Array.isArray(value)) return [key, [{value, place: place()}]];
      if (value.length === 0) throw usageError(`${place()}${key}: the list is empty`);
      return [key, value.map((item, i) => ({value: item, place: place(i)}))];
    }),
  );
}
