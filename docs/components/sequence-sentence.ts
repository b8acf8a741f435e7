import {listed} from "../src/laws/listed.js";
import {
  type SequencePoint,
  type SequenceRow,
  sequencePoints,
  type Training,
  trainings,
} from "./sequence-row.js";

/** Nats per token by which a training is worse than regular fp32, in the middle of the models and at worst. */
export function costOf(
  points: readonly SequencePoint[],
  training: Training,
): {middle: number; worst: number} | undefined {
  const costs = points
    .filter((point) => point.training === training)
    .map(({median, reference}) => median - reference)
    .sort((a, b) => a - b);
  if (costs.length === 0) return undefined;
  return {middle: costs[Math.floor((costs.length - 1) / 2)], worst: costs.at(-1)!};
}

/** How a training in few bits compares with regular fp32, for a panel's heading. */
export function sequenceSentence(points: readonly SequencePoint[], training: Training): string {
  const cost = costOf(points, training);
  return cost ? `middle ${nats(cost.middle)}, worst ${nats(cost.worst)}` : "";
}

/** What the comparison shows in one precision, whichever way it turns out. */
export function sequenceClaim(rows: readonly SequenceRow[], recipe: string): string {
  const points = sequencePoints(rows, recipe);
  const parts = trainings.flatMap(({training, title}) => {
    const cost = costOf(points, training);
    return cost ? [`${title.toLowerCase()} training ${nats(cost.middle)}`] : [];
  });
  if (parts.length === 0) return "";
  return (
    `In ${recipe.toUpperCase()}, compared with regular training in FP32 and taking the middle of all models, ` +
    `${listed(parts)} nats per token`
  );
}

/** A difference with its sign. */
function nats(difference: number): string {
  if (difference === Number.POSITIVE_INFINITY) return "diverges";
  const text = Math.abs(difference).toFixed(2);
  return Number(text) === 0 ? "±0.00" : `${difference < 0 ? "−" : "+"}${text}`;
}
