import {type CastRules, castValue} from "../src/formats/cast.js";
import {formatProperties} from "../src/formats/derived.js";
import type {Format} from "../src/formats/format.js";
import {parseFormat} from "../src/formats/parse.js";
import {rulesFor} from "../src/formats/policy.js";
import {type Preset, type PresetName, presetFormat, presetRounding, presets} from "../src/formats/preset.js";
import {isStochastic, type RoundingMode} from "../src/formats/rounding.js";
import type {Answer} from "./disagreement-case.js";
import {formatTitle} from "./format-title.js";
import {libraries, libraryNames} from "./libraries.js";
import {numberText} from "./number-text.js";
import {valueBits} from "./value-bits.js";

/** What every library that has the format makes of a number. */
export function libraryAnswers(x: number, name: string): Answer[] {
  return libraryNames
    .filter((library) => libraries[library].formats.includes(name))
    .map((library) => libraryAnswer(library, x, name));
}

function libraryAnswer(library: PresetName, x: number, name: string): Answer {
  const preset: Preset = presets[library];
  const format = presetFormat(preset, name);
  const rounding = deterministic(presetRounding(preset, format));
  const value = castValue(x, format, {rounding, policy: preset.policy});
  const isCode = hasCode(format, value);
  return {
    library: libraries[library].title,
    text: valueText(value),
    ...(isCode && {code: {format, bits: valueBits(format, value), isScale: format.name === "e8m0"}}),
    reason: [readingText(format, name), reasonText(x, value, format, preset, rounding)]
      .filter(Boolean)
      .join("; "),
  };
}

/** Rounding to nearest as the library does it, where its default is left to chance. */
const deterministic = (rounding: RoundingMode): RoundingMode =>
  isStochastic(rounding) ? "nearest-zero" : rounding;

/** A value as readers are shown it: with the sign of zero. */
export const valueText = (value: number): string => (Object.is(value, -0) ? "−0" : numberText(value));

function hasCode(format: Format, value: number): boolean {
  if (Number.isFinite(value)) return true;
  const {nans, infinities} = formatProperties(format);
  return Number.isNaN(value) ? nans > 0 : infinities > 0;
}

/** How the library reads the name, if not as we do. */
function readingText(format: Format, name: string): string | undefined {
  if (format.name === parseFormat(name).name) return undefined;
  return `reads the name as ${formatTitle(format)}, up to ${valueText(formatProperties(format).largest)}`;
}

function reasonText(
  x: number,
  value: number,
  format: Format,
  preset: Preset,
  rounding: CastRules["rounding"],
): string {
  const {largest, smallest} = formatProperties(format);
  const without = "for which the format has no code";
  if (Number.isNaN(x)) {
    if (Number.isNaN(value)) return hasCode(format, value) ? "NaN stays NaN" : `NaN stays NaN, ${without}`;
    return value === 0
      ? "no NaN in the format: a zero instead"
      : "no NaN in the format: the largest value instead";
  }
  const isInfinite = !Number.isFinite(x);
  const beyond = isInfinite ? "infinity" : `beyond ${valueText(largest)}`;
  if (isInfinite || Math.abs(x) > largest) {
    if (Number.isNaN(value)) return `${beyond}: NaN`;
    if (!Number.isFinite(value)) {
      const code = hasCode(format, value) ? "" : `, ${without}`;
      return isInfinite ? `infinity stays infinity${code}` : `${beyond}: infinity${code}`;
    }
    const isRounded =
      !isInfinite && Math.abs(castValue(x, format, {rounding, policy: presets.ml_dtypes.policy})) === largest;
    return isRounded ? "rounds down to the largest value" : `${beyond}: saturates`;
  }
  if (x === 0) {
    if (!Object.is(x, -0)) return "exact";
    if (Object.is(value, -0)) return "zero keeps its sign";
    return format.kind === "float" && format.zero === "unsigned"
      ? "the format has one zero"
      : "the sign of zero is dropped";
  }
  if (value === x) return "exact";
  const tie = isTie(x, format);
  if (value === 0 && Math.abs(x) >= smallest) return "subnormal values are flushed to zero";
  if (value === 0 && !tie) return `nearer to zero than to its smallest value, ${valueText(smallest)}`;
  return tie ? `a tie, ${tieText(rounding)}` : rulesText(rounding, preset, format);
}

/** Whether a number lies half-way between two neighbours. */
export function isTie(x: number, format: Format): boolean {
  const policy = presets["ocp-saturate"].policy;
  if (Math.abs(x) > formatProperties(format).largest) return false;
  return (
    castValue(x, format, {rounding: "nearest-away", policy}) !==
    castValue(x, format, {rounding: "nearest-zero", policy})
  );
}

function tieText(rounding: RoundingMode): string {
  if (rounding === "nearest-away") return "away from zero";
  if (rounding === "nearest-zero") return "toward zero";
  return "to the even code";
}

function rulesText(rounding: RoundingMode, {policy}: Preset, format: Format): string {
  if (rulesFor(format, policy).subnormalOutput !== "keep" && rounding === "nearest-even")
    return "rounded to nearest";
  return rounding.startsWith("nearest") ? "rounded to nearest" : `rounded ${rounding}`;
}
