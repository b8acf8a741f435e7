import type {AfterTrainingPoint} from "./after-training-row.js";

/** Bits at which the claims are made: few enough to cost something, and not so few that nothing is left. */
const bits = 3;

/** Nats that are not told from nothing. */
const least = 1e-4;

/**
 * What the points say of two questions: whether models that saw more text lose more, and whether that ever makes more
 * text worse; and what GPTQ saves.
 */
export function afterTrainingClaim(points: readonly AfterTrainingPoint[]): string {
  const nearest = points.filter((point) => point.method === "nearest" && point.bits === bits);
  const pairs = neighbours(nearest);
  if (pairs.length === 0) return "No model was trained on more than one amount of text.";
  const losesMore = pairs.filter(([less, more]) => more.lost > less.lost + least).length;
  const endsWorse = pairs.filter(([less, more]) => more.after > less.after + least).length;
  const more = `In ${losesMore} of ${pairs.length} steps to more text for the same model, rounding its weights to ${bits} bits costs more`;
  const worse =
    endsWorse === 0
      ? "in none of them does the rounded model end worse than with less text"
      : `in ${endsWorse} the rounded model even ends worse than with less text`;
  return `${more}; ${worse}.${gptqSentence(points, nearest)}`;
}

function gptqSentence(points: readonly AfterTrainingPoint[], nearest: readonly AfterTrainingPoint[]): string {
  const shares = nearest.flatMap((point) => {
    const same = points.find(
      (other) =>
        other.method === "gptq" &&
        (["parameters", "tokens", "trained", "bits"] as const).every((key) => other[key] === point[key]),
    );
    return same && point.lost > least ? [same.lost / point.lost] : [];
  });
  if (shares.length === 0) return "";
  const percent = Math.round(100 * median(shares));
  return ` By GPTQ, ${bits} bits cost ${percent}% of that, in the median.`;
}

/** Each point with the next of the same model that saw more text. */
function neighbours(points: readonly AfterTrainingPoint[]): [AfterTrainingPoint, AfterTrainingPoint][] {
  return points.flatMap((point) => {
    const next = points
      .filter(({parameters, tokens}) => parameters === point.parameters && tokens > point.tokens)
      .sort((a, b) => a.tokens - b.tokens)[0];
    return next ? [[point, next] as [AfterTrainingPoint, AfterTrainingPoint]] : [];
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
