import {layerParts} from "./layer-parts.js";
import type {Difference, PartingMeasure} from "./partings.js";
import {percentage} from "./percentage.js";
import {powerLabel} from "./power-label.js";
import {recipeTitle} from "./recipe-styles.js";
import {tensorStyles} from "./tensor-styles.js";

export interface PartingNames {
  readonly a: string;
  readonly b: string;
  readonly measure: PartingMeasure;
  readonly threshold: number;
  /** The last step at which both were looked at. */
  readonly lastStep: number;
}

/** Where two runs part, in a sentence: the first step, the first layer, the first tensor. */
export function partingSentence(
  first: Difference | undefined,
  {a, b, measure, threshold, lastStep}: PartingNames,
): string {
  const [nameA, nameB] = [recipeTitle(a), recipeTitle(b)];
  if (a === b) return `${nameA} is compared with itself: choose another recipe.`;
  const what = measure === "spread" ? "the spread of any tensor" : "what the casts lose of any tensor";
  const much = measure === "spread" ? percentage(threshold) : `${percentage(threshold)} of its values`;
  if (!first)
    return `${nameA} and ${nameB} do not part: up to step ${lastStep}, ${what} differs by no more than ${much}.`;
  const when = first.step === 0 ? "before the first update" : `at step ${first.step}`;
  const direction = tensorStyles.find(({tensor}) => tensor === first.tensor)!.direction;
  return (
    `${nameA} and ${nameB} part ${when}, on the way ${direction}: the first to differ are ${tensorName(first)}, ` +
    `${measure === "spread" ? spreads(first, nameA, nameB) : losses(first, nameA, nameB)}.`
  );
}

/** How many tensors differ by more than a threshold where two runs were last compared, in a sentence. */
export function partedSentence(all: readonly Difference[], threshold: number): string {
  const step = all.at(-1)?.step;
  const last = all.filter((difference) => difference.step === step);
  const parted = last.filter(({difference}) => Math.abs(difference) > threshold);
  return `At step ${step}, ${parted.length} of ${last.length} tensors differ by as much.`;
}

function tensorName({tensor, layer}: Difference): string {
  const {plural} = tensorStyles.find((style) => style.tensor === tensor)!;
  const {block, part} = layerParts(layer);
  return `the ${plural} of ${block ? `${part} in ${block}` : `the ${part}`}`;
}

const spreads = ({a, b}: Difference, nameA: string, nameB: string): string =>
  `whose spread is ${valueText(a, "spread")} under ${nameA} and ${valueText(b, "spread")} under ${nameB}`;

const losses = ({a, b}: Difference, nameA: string, nameB: string): string =>
  `of which the cast loses ${valueText(a, "lost")} under ${nameA} and ${valueText(b, "lost")} under ${nameB}`;

/** A value of what is compared: a share as a percentage, a spread with a power of two where it is not near 1. */
export function valueText(value: number, measure: PartingMeasure): string {
  if (measure === "lost") return percentage(value);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) return String(value);
  const power = Math.floor(Math.log2(value));
  if (power >= -4 && power < 8) return value.toPrecision(3);
  return `${(value / 2 ** power).toFixed(2)} · ${powerLabel(power)}`;
}
