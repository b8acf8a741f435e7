import {usageError} from "../src/errors.js";
import {castValue} from "../src/formats/cast.js";
import {codeBits} from "../src/formats/decode.js";
import type {Format} from "../src/formats/format.js";
import {parseFormat} from "../src/formats/parse.js";
import {type PresetName, presets} from "../src/formats/preset.js";
import type {RoundingMode} from "../src/formats/rounding.js";
import {bitsOf, decodeBits, encodeBits, hexCode, isValueOf} from "./code-bits.js";
import {nextBits} from "./next-bits.js";
import {typedValue} from "./typed-value.js";

/** What the reader of the formats page has chosen. */
export interface CastChoices {
  readonly format: string;
  readonly value: string;
  readonly rounding: string;
  readonly policy: string;
}

/** A value that was typed, and what became of it. */
export interface CastView {
  readonly format: Format;
  readonly rounding: RoundingMode;
  readonly policy: PresetName;
  /** As a number; where a code was typed, what the code stands for. */
  readonly typed: number;
  /** After the cast. */
  readonly value: number;
  /** The code of `value`; where the policy gives a value that has none, of the nearest that has. */
  readonly bits: string;
  readonly hasCode: boolean;
  /** The values of the format around a finite `typed`, equal where it is one itself; null where there is none. */
  readonly below: number | null;
  readonly above: number | null;
}

/** @throws a usage error where the value is a code that the format does not have */
export function castView({format: name, value: text, rounding, policy}: CastChoices): CastView {
  const format = parseFormat(name);
  const chosen = {format, rounding: rounding as RoundingMode, policy: policy as PresetName};
  const typed = typedValue(text);
  if (typed.kind === "code") {
    const bits = bitsOf(typed.code, codeBits(format));
    if (bits.length > codeBits(format)) {
      const last = hexCode("1".repeat(codeBits(format)));
      throw usageError(`${text} is not a code of ${format.name}: codes go from 0x0 to ${last}`);
    }
    const value = decodeBits(format, bits);
    return {...chosen, typed: value, value, bits, hasCode: true, below: value, above: value};
  }
  const rules = {rounding: chosen.rounding, policy: presets[chosen.policy].policy};
  const value = castValue(typed.value, format, rules);
  const hasCode = isValueOf(format, value);
  const bits = encodeBits(format, hasCode ? value : nearest(typed.value, format));
  return {...chosen, typed: typed.value, value, bits, hasCode, ...neighbours(typed.value, format)};
}

/** The text under which a code is kept: its value where a cast gives the code back, otherwise the code. */
export function textOfBits(bits: string, {format: name, rounding, policy}: CastChoices): string {
  const value = decodeBits(parseFormat(name), bits);
  const text = Object.is(value, -0) ? "-0" : String(value).replace("Infinity", "inf").toLowerCase();
  return castView({format: name, value: text, rounding, policy}).bits === bits ? text : hexCode(bits);
}

/** The same number for another format: a code would mean another one there. */
export function textForFormat(choices: CastChoices): string {
  if (typedValue(choices.value).kind === "number") return choices.value;
  const {value} = castView(choices);
  return Object.is(value, -0) ? "-0" : String(value).replace("Infinity", "inf").toLowerCase();
}

/** What saturating casts to nearest give. */
const nearest = (x: number, format: Format): number =>
  castValue(x, format, {rounding: "nearest-even", policy: presets["ocp-saturate"].policy});

function neighbours(x: number, format: Format): {below: number | null; above: number | null} {
  if (!Number.isFinite(x)) return {below: null, above: null};
  const bits = encodeBits(format, nearest(x, format));
  const value = decodeBits(format, bits);
  if (!Number.isFinite(value)) return {below: null, above: null};
  if (value === x) return {below: x, above: x};
  const next = decodeBits(format, nextBits(format, bits, value < x ? 1 : -1));
  const other = Number.isFinite(next) && next !== value ? next : null;
  return value < x ? {below: value, above: other} : {below: other, above: value};
}
