import {parse} from "yaml";
import {usageError} from "../errors.js";
import {settingsKeys, unknownKey} from "../training/run-settings-schema.js";
import {type Axes, unknownPreset} from "./preset.js";

/** A setting from the command line: `width=192`, `recipe=fp8,fp32`, or `variance.width=192` for one of several presets. */
export interface Override {
  /** The preset it was addressed to; null means the only one. */
  readonly preset: string | null;
  readonly key: string;
  readonly values: readonly unknown[];
}

/** Settings whose values are taken as they are written: a checksum may look like a number. */
const textKeys = ["corpus", "corpusChecksum"];

/**
 * Parses the values of `--set`. The name of the preset may be left out when there is only one.
 * @throws a one-line usage error
 */
export const parseOverrides = (texts: readonly string[], presets: readonly string[]): Override[] =>
  texts.map((text) => parseOverride(text, presets));

/** The values that overrides give to the settings of a preset; of two for one key the later counts. */
export function overridesOf(preset: string, overrides: readonly Override[]): Axes {
  const meant = overrides.filter((override) => (override.preset ?? preset) === preset);
  return new Map(meant.map(({key, values}) => [key, values.map((value) => ({value, place: "--set "}))]));
}

function parseOverride(text: string, presets: readonly string[]): Override {
  const [, preset = null, key, value] = /^(?:([^.=]*)\.)?([^.=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw usageError(`--set ${text}: expected key=value or key=value,value`);
  if (preset !== null && !presets.includes(preset)) throw unknownPreset(preset, presets, `--set ${text}: `);
  if (preset === null && presets.length > 1) {
    const forms = presets.map((name) => `${name}.${key}`).join(", ");
    throw usageError(`--set ${text}: say which settings are meant: ${forms}`);
  }
  if (!settingsKeys.includes(key)) throw unknownKey(key, `--set ${text}: `);
  return {preset, key, values: parseValues(key, value, text)};
}

function parseValues(key: string, value: string, text: string): unknown[] {
  const items = value.startsWith("[") ? parseScalar(value) : value.split(",").map((item) => item.trim());
  if (!Array.isArray(items) || items.length === 0 || items.includes("")) {
    throw usageError(`--set ${text}: a value is missing`);
  }
  return items.map((item) =>
    typeof item === "string" && !textKeys.includes(key) ? parseScalar(item) : item,
  );
}

/** As in a settings file: 1e-3 is a number, true a truth value, fp8 a word. */
function parseScalar(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}
