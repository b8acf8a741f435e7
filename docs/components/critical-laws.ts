import {criticalTokensAfterTraining, criticalTokensInTraining} from "../src/laws/critical-tokens.js";
import {blockSizeOf, floatingPoint} from "../src/laws/floating-point.js";
import {lossAt} from "../src/laws/law.js";
import {postTraining} from "../src/laws/post-training.js";
import {bitColor} from "./bit-colors.js";
import {type TrainingFormat, trainingFormats} from "./critical-choices.js";
import type {Palette} from "./palette.js";

/** The published constants of the two laws, and where they were fitted. */
export const afterLaw = postTraining.published[0];
export const inLaw = floatingPoint.published[0];

/** Bits after training that are drawn; the last stands for no rounding. */
const afterBits = [3, 4, 5, 6] as const;

/** A law's loss against tokens, with the number of them beyond which more do harm. */
export interface LawLine {
  readonly name: string;
  readonly color: keyof Palette;
  readonly critical: number;
  readonly lossAt: (tokens: number) => number;
}

/** The published law of rounding after training, for a model of `parameters`. */
export function afterTrainingLines(parameters: number): LawLine[] {
  const line = (bits: number): LawLine => ({
    ...{name: Number.isFinite(bits) ? `${bits} bits` : "not rounded", color: bitColor(bits)},
    critical: Number.isFinite(bits)
      ? criticalTokensAfterTraining(afterLaw.values, {parameters, postTrainingBits: bits})
      : Number.POSITIVE_INFINITY,
    lossAt: (tokens: number) =>
      lossAt(postTraining, afterLaw.values, {parameters, tokens, postTrainingBits: bits}),
  });
  return [...afterBits, Number.POSITIVE_INFINITY].map(line);
}

/** The published law of training in floating point, for a model of `parameters` and blocks of a size. */
export function inTrainingLines(
  parameters: number,
  {formats, block}: {readonly formats: readonly TrainingFormat[]; readonly block: string},
): LawLine[] {
  const blockSize = blockSizeOf(block);
  const line = (format?: TrainingFormat): LawLine => {
    const bits = format && {...trainingFormats[format], blockSize};
    return {
      ...{name: format ?? "not rounded", color: bits?.color ?? "ink"},
      critical: bits
        ? criticalTokensInTraining(inLaw.values, {...bits, parameters})
        : Number.POSITIVE_INFINITY,
      lossAt: (tokens: number) =>
        lossAt(floatingPoint, inLaw.values, {
          ...{parameters, tokens},
          ...(bits && {
            exponentBits: bits.exponentBits,
            mantissaBits: bits.mantissaBits,
            blockSize,
          }),
        }),
    };
  };
  return [...formats.map((format) => line(format)), line()];
}

/** Where a model and its text lie outside of the runs that a law was fitted on, in words; empty where they lie inside. */
export function outsideText(
  law: typeof afterLaw,
  {parameters, tokens}: {readonly parameters: number; readonly tokens?: number},
  countText: (count: number) => string,
): string {
  const {parameters: sizes, tokens: texts} = law.domain;
  const parts: string[] = [];
  if (sizes && (parameters < sizes[0] || parameters > sizes[1])) {
    parts.push(`${countText(sizes[0])} to ${countText(sizes[1])} parameters`);
  }
  if (tokens !== undefined && texts && (tokens < texts[0] || tokens > texts[1])) {
    parts.push(`${countText(texts[0])} to ${countText(texts[1])} tokens`);
  }
  return parts.length === 0
    ? ""
    : `This lies outside of what the law was fitted on, ${parts.join(" and ")}: it is an extrapolation.`;
}
