import {type CastInput, type CastRules, caster, castValue} from "./cast.js";
import {codeBits, largestCodeBits} from "./decode.js";
import {formatProperties} from "./derived.js";
import {encode, hasValue} from "./encode.js";
import type {Format} from "./format.js";
import {rulesFor} from "./policy.js";
import {
  type Decision,
  type Preset,
  type PresetName,
  presetFormat,
  presetRounding,
  presets,
} from "./preset.js";
import {isStochastic, type RoundingMode, roundingMeanings} from "./rounding.js";

/** What one library makes of a value, and why. */
export interface LibraryReading {
  readonly preset: PresetName;
  /** What the library means by the name of the format. */
  readonly format: Format;
  readonly rounding: RoundingMode;
  readonly value: number;
  /** Undefined where the library leaves a value that the format does not have, and for formats wider than 32 bits. */
  readonly code: number | undefined;
  /** The step at which the result was decided. */
  readonly decision: Decision;
  /** One phrase without a full stop. */
  readonly reason: string;
  /** Where the library says or shows it. */
  readonly reference: string;
}

/**
 * What each library that has a format of this name makes of `x`, in the order of the presets.
 *
 * Stochastic defaults are shown with the rounding to nearest that the library offers instead.
 *
 * @param name a name such as `e4m3`, which libraries read in different ways
 * @throws a usage error when nobody knows the name
 */
export function libraryReadings(x: number, name: string, input: CastInput = {}): LibraryReading[] {
  const ours = presetFormat(presets.default, name);
  return (Object.keys(presets) as PresetName[]).flatMap((preset) => {
    const format = formatOf(presets[preset], name);
    return format ? [reading(x, preset, format, {...input, isRead: format.name !== ours.name, name})] : [];
  });
}

/** What the library means by the name; undefined where it has no such format. */
function formatOf(preset: Preset, name: string): Format | undefined {
  const {names, formats} = preset;
  const isUnknown = typeof names === "function" && names(name.trim().toLowerCase()) === undefined;
  const format = isUnknown ? undefined : presetFormat(preset, name);
  const isKnown = format && (formats === undefined || formats.some((known) => known === format.name));
  return isKnown ? format : undefined;
}

function reading(
  x: number,
  preset: PresetName,
  format: Format,
  {isRead, name, ...input}: CastInput & {isRead: boolean; name: string},
): LibraryReading {
  const {policy, references, source, nearest = "nearest-even"}: Preset = presets[preset];
  const usual = presetRounding(presets[preset], format);
  const rounding = isStochastic(usual) ? nearest : usual;
  const rules: CastRules = {rounding, policy};
  const value = castValue(x, format, {...rules, ...input});
  const decision = decisionOf(x, format, rules);
  const meaning = isRead ? `reads ${name} as ${format.name}; ` : "";
  return {
    preset,
    format,
    rounding,
    value,
    code: codeBits(format) <= largestCodeBits && hasValue(format, value) ? encode(format, value) : undefined,
    decision,
    reason: meaning + reasonOf(x, value, format, decision, rules),
    reference: references?.[decision] ?? (isRead ? references?.reading : undefined) ?? source,
  };
}

function decisionOf(x: number, format: Format, rules: CastRules): Decision {
  const {largest, lowest, smallestNormal} = formatProperties(format);
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return "infinity";
  if (x === 0) return "zero";
  if (x < 0 && format.kind === "float" && !format.signed) return "negative";
  if (isBeyond(x, format, rules, {largest, lowest})) return "overflow";
  if (smallestNormal !== null && Math.abs(x) < smallestNormal) return "subnormal";
  if (hasValue(format, x)) return "exact";
  const [inner, outer] = neighbours(x, format, rules);
  return x - inner === outer - x ? "tie" : "inexact";
}

function isBeyond(
  x: number,
  format: Format,
  {rounding, policy}: CastRules,
  {largest, lowest}: {largest: number; lowest: number},
): boolean {
  if (format.kind !== "float") return x > largest || x < lowest;
  const visible = {...rulesFor(format, policy), finiteOverflow: "infinity-anyway"} as const;
  return Math.abs(castValue(x, format, {rounding, policy: visible})) === Number.POSITIVE_INFINITY;
}

/** The values around x, first the one toward zero. */
function neighbours(x: number, format: Format, {policy}: CastRules): [number, number] {
  const rules = {...rulesFor(format, policy), subnormalOutput: "keep", integerOverflow: "saturate"} as const;
  const toward = caster(format, {rounding: "zero", policy: rules});
  const away = caster(format, {rounding: "away", policy: rules});
  return [toward(x), away(x)];
}

function reasonOf(x: number, value: number, format: Format, decision: Decision, rules: CastRules): string {
  const {largest} = formatProperties(format);
  const result = describe(value, largest);
  const isLost = value === 0 && decision !== "zero";
  switch (decision) {
    case "nan":
      return hasValue(format, x) ? "NaN stays NaN" : `the format has no NaN: ${result}`;
    case "infinity":
      return hasValue(format, x) && value === x ? "infinity stays infinity" : `infinity becomes ${result}`;
    case "zero":
      return value === 0 ? "zero is exact" : `the format has no zero: ${result}`;
    case "negative":
      return `the format has no sign: ${result}`;
    case "overflow":
      return `beyond the largest value ${largest}: ${result}`;
    case "exact":
      return "the format has this value";
    case "subnormal":
      return `below the smallest normal value: ${roundingMeanings[rules.rounding]}${isLost ? ", here zero" : ""}`;
    case "tie":
    case "inexact": {
      const [inner, outer] = neighbours(x, format, rules);
      const place = decision === "tie" ? "halfway between" : "between";
      return `${place} ${inner} and ${outer}: ${roundingMeanings[rules.rounding]}`;
    }
  }
}

function describe(value: number, largest: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Math.abs(value) === largest) return value < 0 ? "the largest value, negative" : "the largest value";
  if (value === 0) return Object.is(value, -0) ? "negative zero" : "zero";
  if (!Number.isFinite(value)) return value < 0 ? "negative infinity" : "infinity";
  return String(value);
}
