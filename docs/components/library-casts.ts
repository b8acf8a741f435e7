import {castValue} from "../src/formats/cast.js";
import type {Format} from "../src/formats/format.js";
import {type PresetName, presetFormat, presetRounding, presets} from "../src/formats/preset.js";
import {isStochastic, type RoundingMode} from "../src/formats/rounding.js";
import {castSentence} from "./cast-sentence.js";
import {castView} from "./cast-view.js";
import {encodeBits, isValueOf} from "./code-bits.js";
import {numberText, roundedText} from "./number-text.js";

/** What some libraries make of a value. */
export interface LibraryCast {
  readonly libraries: readonly PresetName[];
  /** The format that they mean by the name. */
  readonly format: string;
  /** One value, or the two between which chance decides. */
  readonly values: readonly number[];
  /** Codes of the values; null where the format has none for it. */
  readonly bits: readonly (string | null)[];
  readonly reason: string;
}

/** Libraries that know no other E4M3, and write it without the `fn` of ml_dtypes. */
const shortNames = new Set<PresetName>(["unit-scaling", "chop"]);

/**
 * What libraries make of a number in the format that they call by a name, each with its own rounding; those with the same
 * result for the same reason together, the most frequent result first.
 */
export function libraryCasts(typed: number, name: string): LibraryCast[] {
  const outcomes = new Map<string, LibraryCast>();
  for (const library of Object.keys(presets) as PresetName[]) {
    const cast = libraryCast(library, typed, name);
    const key = JSON.stringify([cast.format, cast.bits, cast.values.map(String), cast.reason]);
    const same = outcomes.get(key);
    outcomes.set(key, {...cast, libraries: [...(same?.libraries ?? []), library]});
  }
  return [...outcomes.values()].sort((a, b) => b.libraries.length - a.libraries.length);
}

function libraryCast(library: PresetName, typed: number, name: string): LibraryCast {
  const preset = presets[library];
  const format = presetFormat(preset, shortNames.has(library) ? name.replace(/fn$/, "") : name);
  const rounding = presetRounding(preset, format);
  const modes: readonly RoundingMode[] = isStochastic(rounding) ? ["down", "up"] : [rounding];
  const results = modes.map((mode) => castValue(typed, format, {...preset, rounding: mode}));
  const values = results.filter((value, i) => i === 0 || !Object.is(value, results[0]));
  const bits = values.map((value) => (isValueOf(format, value) ? encodeBits(format, value) : null));
  const reason =
    values.length > 1
      ? chance(typed, values)
      : castSentence(castOf(typed, {format, rounding: modes[0], library}), "the library");
  return {libraries: [library], format: format.name, values, bits, reason};
}

function castOf(
  typed: number,
  {format, rounding, library}: {format: Format; rounding: RoundingMode; library: PresetName},
) {
  const text = Object.is(typed, -0) ? "-0" : String(typed).replace("Infinity", "inf");
  return castView({format: format.name, value: text, rounding, policy: library});
}

/** "chance decides: 0.1015625 in 80% of all casts." */
function chance(typed: number, [below, above]: readonly number[]): string {
  const share = (typed - below) / (above - below);
  return `Chance decides, so that the mean is right: ${numberText(above)} in ${roundedText(100 * share, 3)}% of all casts.`;
}
