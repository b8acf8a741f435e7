import {parse} from "yaml";
import {usageError} from "../errors.js";
import {expandRange} from "./integer-range.js";
import {type Axes, unknownPreset} from "./preset.js";

/** A setting from the command line: `width=192`, `recipe=fp8,fp32`, or `variance.width=192` for one of several presets. */
export interface Override {
  /** The preset it was addressed to; null means the only one. */
  readonly preset: string | null;
  /** A setting or a group of named blocks, which is found out when runs are planned. */
  readonly key: string;
  readonly values: readonly unknown[];
  /** As it was written. */
  readonly text: string;
}

/** Settings whose values are taken as they are written: a checksum may look like a number. */
const textKeys = ["corpus", "corpusChecksum"];

/**
 * Parses the values of `--set`. The name of the preset may be left out when there is only one.
 * @throws a one-line usage error
 */
export const parseOverrides = (texts: readonly string[], presets: readonly string[]): Override[] =>
  texts.map((text) => parseOverride(text, presets));

/** The overrides that are meant for a preset. */
export const overridesFor = (preset: string, overrides: readonly Override[]): readonly Override[] =>
  overrides.filter((override) => (override.preset ?? preset) === preset);

/** The values that overrides give to keys; of two for one key the later counts. */
export const overriddenAxes = (overrides: readonly Override[]): Axes =>
  new Map(overrides.map(({key, values}) => [key, values.map((value) => ({value, place: "--set "}))]));

function parseOverride(text: string, presets: readonly string[]): Override {
  const [, preset = null, key, value] = /^(?:([^.=]*)\.)?([^.=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw usageError(`--set ${text}: expected key=value or key=value,value`);
  if (preset !== null && !presets.includes(preset)) throw unknownPreset(preset, presets, `--set ${text}: `);
  if (preset === null && presets.length > 1) {
    const forms = presets.map((name) => `${name}.${key}`).join(", ");
    throw usageError(`--set ${text}: say which settings are meant: ${forms}`);
  }
  return {preset, key, values: parseValues(key, value, text), text};
}

/** Values between commas; a list or quotes, as in a settings file, for a text that has commas itself. */
function parseValues(key: string, value: string, text: string): unknown[] {
  const values = /^\s*\[|["']/.test(value) ? listedValues(value, text) : plainValues(key, value);
  if (values.length === 0 || values.includes(null)) throw usageError(`--set ${text}: a value is missing`);
  return values.flatMap((item) => expandRange(item, key, `--set ${text}: `));
}

function listedValues(value: string, text: string): unknown[] {
  const list = parseScalar(/^\s*\[/.test(value) ? value : `[${value}]`);
  if (!Array.isArray(list)) throw usageError(`--set ${text}: a bracket or a quotation mark is missing`);
  return list;
}

const plainValues = (key: string, value: string): unknown[] =>
  value
    .split(",")
    .map((item) => item.trim())
    .map((item) => (item === "" ? null : textKeys.includes(key) ? item : parseScalar(item)));

/** As in a settings file: 1e-3 is a number, true a truth value, fp8 a word. */
function parseScalar(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}
