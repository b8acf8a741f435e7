import {BitscapeError, nearestName, usageError} from "../errors.js";
import {formatProperties} from "../formats/derived.js";
import {type PresetName, parsePreset, presetFormat, presets} from "../formats/preset.js";
import {isStochastic, type RoundingMode, roundings} from "../formats/rounding.js";
import {blockFormats, findBlockFormat} from "./block-format.js";
import {type DelayedScaling, delayedScaling} from "./delayed-scaling.js";
import {type MatrixQuantizer, matrixQuantizer} from "./matrix-quantizer.js";
import {parseScaling, scalingWords} from "./parse-scaling.js";
import {isIdentity, type Quantizer, quantizer} from "./quantizer.js";
import type {Scaling} from "./scaling.js";

/** Where the scale by which values are multiplied before the cast comes from. */
export type CastScaling =
  /** The same for ever; 1 for a plain cast. */
  | {readonly kind: "constant"; readonly scale: number}
  /** The largest power of two with which the tensor's present largest magnitude does not overflow. */
  | {readonly kind: "tensor"}
  /** The mean of the tensor's present magnitudes, which becomes 1. */
  | {readonly kind: "mean"}
  /** The largest magnitudes of earlier steps. */
  | {readonly kind: "delayed"; readonly delayed: DelayedScaling}
  /** The present largest magnitude of each block, whose rows lie along the dimension that is summed over. */
  | {readonly kind: "blocks"; readonly quantizer: MatrixQuantizer};

/** How one operand is cast. Plain data. */
export interface Cast {
  /** What `parseCast` makes it from, with single spaces, in lower case. */
  readonly text: string;
  /** Format, rounding and policy of the elements. */
  readonly element: Quantizer;
  readonly scaling: CastScaling;
  /** Whether every sixteen values along the dimension that is summed over are mixed first; both operands need it. */
  readonly hadamard: boolean;
}

/** Whether the cast leaves every value as it is, so that a caller can leave it out. */
export const leavesAsIs = ({element, scaling, hadamard}: Cast): boolean =>
  scaling.kind !== "blocks" && isIdentity(element) && !hadamard;

/** Whether the values after the cast depend on random bits. */
export const isRandom = ({element}: Cast): boolean => isStochastic(element.rounding);

/** The words of `parseCast` besides names of formats and the words of `parseScaling`, for help. */
export const castWords = {
  roundings: Object.keys(roundings),
  policies: Object.keys(presets),
  others: ["mean", "hadamard", "delayed", "most-recent", "history=N", "margin=N", "bits=N"],
} as const;

/** What the words say, each at most once. */
interface Words {
  scaling?: Scaling | "tensor" | "mean" | number;
  rounding?: RoundingMode;
  policy?: PresetName;
  hadamard?: true;
  delayed?: true;
  "most-recent"?: true;
  history?: number;
  margin?: number;
  bits?: number;
}

/**
 * A cast from words separated by spaces: first a format or a block format (`e4m3fn`, `int4`, `mxfp4`, `nvfp4`), then in
 * any order
 *
 * - a scaling: `tensor`, one power of two from the present largest magnitude; `delayed`, one float32 scale from earlier
 *   ones, with `history=N` steps (1024), `margin=N` and `most-recent`; `mean`, which makes the mean magnitude 1; a number, the same for ever; or any other of
 *   `parseScaling`, for which the columns of the operand are the dimension that is summed over (`block:1x128,pow2`)
 * - a rounding mode, such as `stochastic`, which may have `bits=N` random bits
 * - the name of a policy, by default `default` for plain casts and `ocp-saturate` for all others; it also decides
 *   what names of formats mean
 * - `hadamard`
 *
 * @throws a usage error that names the word, and the nearest one that is known
 */
export function parseCast(text: string): Cast {
  const [format = "", ...rest] = text.trim().toLowerCase().split(/\s+/);
  const normalized = [format, ...rest].join(" ");
  const known = parsed.get(normalized);
  if (known) return known;
  const words: Words = {};
  for (const word of rest) {
    const part = parseWord(word, text);
    const repeated = Object.keys(part).find((key) => key in words);
    if (repeated) throw usageError(`"${text}" has more than one ${repeated}: ${word}`);
    Object.assign(words, part);
  }
  try {
    const cast = makeCast(normalized, format, words);
    parsed.set(normalized, cast);
    return cast;
  } catch (error) {
    throw withNearestFormat(error, format);
  }
}

/** One object for each text. */
const parsed = new Map<string, Cast>();

function parseWord(word: string, text: string): Words {
  if (Object.hasOwn(roundings, word)) return {rounding: word as RoundingMode};
  if (Object.hasOwn(presets, word)) return {policy: word as PresetName};
  if (word === "hadamard" || word === "delayed" || word === "most-recent") return {[word]: true};
  const [name, value] = word.split("=");
  if (name === "history" || name === "margin" || name === "bits") return {[name]: wholeNumber(name, value)};
  if (word === "tensor" || word === "mean") return {scaling: word};
  if (Number.isFinite(Number(word))) return {scaling: positive(Number(word))};
  if (/^(block:|tensor,|row|column|mx|nvfp4)/.test(word)) return {scaling: parseScaling(word)};
  const known = [...scalingWords.bases, ...castWords.roundings, ...castWords.policies, ...castWords.others];
  const nearest = nearestName(word, known);
  throw usageError(
    `unknown word "${word}" in the cast "${text}": ` +
      (nearest ? `did you mean ${nearest}?` : `known are ${known.join(", ")}`),
  );
}

function makeCast(text: string, name: string, words: Words): Cast {
  const {rounding, policy, bits, hadamard = false, delayed, history, margin} = words;
  if (bits !== undefined && !(rounding && isStochastic(rounding))) {
    throw usageError(`bits=${bits} is for stochastic roundings`);
  }
  if (!delayed && (history !== undefined || margin !== undefined || words["most-recent"])) {
    throw usageError("history, margin and most-recent are for delayed scaling");
  }
  const block = findBlockFormat(name);
  const scaling = words.scaling ?? (block && !delayed ? parseScaling(block.scaling) : undefined);
  if (delayed && hadamard) throw usageError("delayed scaling does not go with hadamard");
  if (delayed && scaling !== undefined) throw usageError("delayed scaling leaves no other scale");
  const isPlain = scaling === undefined && !delayed;
  const options = {rounding, bits, policy: policy ?? (isPlain ? "default" : "ocp-saturate")} as const;
  const format = presetFormat(parsePreset(options.policy), block?.element ?? name);
  const common = {text, hadamard};
  if (typeof scaling === "object") {
    const matrix = matrixQuantizer(format, scaling, options);
    return {...common, element: matrix.element, scaling: {kind: "blocks", quantizer: matrix}};
  }
  if (delayed) {
    const {largest} = formatProperties(format);
    const algorithm = words["most-recent"] ? "most-recent" : "max";
    const how = delayedScaling(largest, {historyLength: history, margin, algorithm});
    return {...common, element: quantizer(format, options), scaling: {kind: "delayed", delayed: how}};
  }
  if (scaling === "tensor") {
    return {...common, element: quantizer(format, {...options, scaling}), scaling: {kind: "tensor"}};
  }
  if (scaling === "mean") return {...common, element: quantizer(format, options), scaling: {kind: "mean"}};
  return {...common, element: quantizer(format, options), scaling: {kind: "constant", scale: scaling ?? 1}};
}

/** A misspelt name may have meant a block format. */
function withNearestFormat(error: unknown, name: string): unknown {
  if (!(error instanceof BitscapeError) || !/^unknown format (?!.*did you mean)/.test(error.message))
    return error;
  const nearest = nearestName(
    name,
    blockFormats.map((format) => format.name),
  );
  return nearest ? usageError(`unknown format "${name}": did you mean ${nearest}?`) : error;
}

function wholeNumber(name: string, text = ""): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw usageError(`${name} is a whole number, not "${text}"`);
}

function positive(scale: number): number {
  if (scale > 0) return scale;
  throw usageError(`a scale is a positive number, not ${scale}`);
}
