import {castValue} from "../src/formats/cast.js";
import type {Format} from "../src/formats/format.js";
import {presets} from "../src/formats/preset.js";
import type {RoundingMode} from "../src/formats/rounding.js";
import {type Neighbours, neighbours} from "./neighbours.js";
import {numberText} from "./number-text.js";
import {percentage} from "./percentage.js";
import {powerLabel} from "./power-label.js";
import {type RoundingGroup, roundingModes, usesAllBits} from "./rounding-modes.js";

/** Where one rounding mode sends a number. */
export interface RoundingRow {
  readonly mode: RoundingMode;
  readonly group: RoundingGroup;
  readonly title: string;
  /** What it becomes; of a stochastic mode the value nearer to zero. */
  readonly result: number;
  /** What it becomes otherwise, and how likely that is; null where the result is certain. */
  readonly other: number | null;
  readonly probability: number;
  /** How many of how many draws of the random bits give `other`. */
  readonly draws: {readonly other: number; readonly all: number} | null;
  readonly reason: string;
  /** Whether the number is a tie and the mode is one that has to decide it. */
  readonly isTie: boolean;
}

/** Draws of 32 random bits. */
const words = 2 ** 32;

/**
 * Where every rounding mode sends `x`, any finite number.
 * @param bits random bits of the stochastic modes that use a given number of them
 */
export function roundingRows(x: number, format: Format, bits: number): RoundingRow[] {
  const around = neighbours(x, format);
  return roundingModes.map(({mode, group, title}) => {
    const cast = (random: number) =>
      castValue(x, format, {
        rounding: mode,
        policy: presets.default.policy,
        bits: usesAllBits(mode) ? undefined : bits,
        random,
      });
    const isTie = around.isTie && group === "nearest";
    const certain = {mode, group, title, result: cast(0), other: null, probability: 0, draws: null, isTie};
    if (group !== "stochastic" || around.isExact || Object.is(cast(0), cast(words - 1))) {
      return {...certain, reason: certainReason(mode, certain.result, around, format)};
    }
    const ends = [cast(0), cast(words - 1)];
    const [result, other] = isNearerToZero(ends[0], ends[1]) ? ends : ends.toReversed();
    const wordsOfFirst = firstWord((random) => !Object.is(cast(random), ends[0]));
    const probability = (Object.is(other, ends[0]) ? wordsOfFirst : words - wordsOfFirst) / words;
    const all = mode === "stochastic-equal" ? 2 : usesAllBits(mode) ? words : 2 ** bits;
    const draws = {other: probability * all, all};
    return {...certain, result, other, probability, draws, reason: drawsReason(draws, mode)};
  });
}

/** Infinity and NaN, which come from overflow, are farther away than anything. */
const isNearerToZero = (a: number, b: number): boolean => Math.abs(a) < Math.abs(b) || !Number.isFinite(b);

/** The smallest random word for which something holds that holds for all above it, and for the largest. */
function firstWord(holds: (random: number) => boolean): number {
  let [low, high] = [0, words - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function certainReason(mode: RoundingMode, result: number, around: Neighbours, format: Format): string {
  if (around.isExact) return "it is a value of the format";
  if (result !== around.lower && result !== around.upper) return `too large: becomes ${numberText(result)}`;
  if (around.beyond && isInside(result, around)) return `the ${around.beyond} value`;
  if (mode.startsWith("stochastic")) return "in every draw";
  if (mode.startsWith("nearest") && !around.isTie) return "the nearer one";
  return (mode.startsWith("nearest") ? "a tie: " : "") + preference(mode, format);
}

const isInside = (result: number, {beyond, lower, upper}: Neighbours): boolean =>
  result === (beyond === "largest" ? lower : upper);

/** Which of the two neighbours a mode takes where it does not look at the distance. */
function preference(mode: RoundingMode, format: Format): string {
  switch (mode) {
    case "nearest-even":
      return format.kind === "codebook" ? "the lower one" : "its last bit is 0";
    case "nearest-odd":
      return format.kind === "codebook" ? "the upper one" : "its last bit is 1";
    case "odd":
      return format.kind === "codebook" ? "the upper one" : "its last bit is 1";
    case "nearest-away":
    case "away":
      return "farther from 0";
    case "nearest-zero":
    case "zero":
      return "nearer to 0";
    case "up":
      return "the upper one";
    default:
      return "the lower one";
  }
}

function drawsReason(draws: {other: number; all: number}, mode: RoundingMode): string {
  if (mode === "stochastic-equal") return "a coin, however near";
  if (mode === "stochastic") return "as likely as it is near";
  if (draws.all > 1000)
    return `${percentage(draws.other / draws.all)} of ${powerLabel(Math.log2(draws.all))} draws`;
  return `${draws.other} of ${draws.all} draws`;
}
