import {isActive} from "./lab-bench.js";
import type {ShownRun} from "./lab-loss-chart.js";

/** Nats per token below which two losses are called equal: about the difference that another seed makes. */
const noticeable = 0.02;

/** A run whose loss is at least this share of that of guessing has learned nothing. */
const nothingLearned = 0.98;

/** What the runs have shown so far. */
export function labTakeaway(runs: readonly ShownRun[]): string {
  // One run is ahead of the other, and its loss lower for that alone.
  const common = Math.min(...runs.filter(isUnderWay).map(({run}) => run.step));
  const known = runs.flatMap((shown) => {
    const outcome = outcomeOf(shown, common);
    return outcome ? [{name: `${shown.name.toUpperCase()}, ${inSentence(shown.title)},`, ...outcome}] : [];
  });
  if (known.length === 0) {
    if (runs.some(({run}) => isActive(run))) return "Training begins.";
    return runs.some(({run}) => run.status === "failed")
      ? "These settings cannot be trained here: each run says why."
      : "Nothing is trained yet with these settings: press Train to see.";
  }
  const sentences = known.map(({name, text}) => `Run ${name} ${text}`);
  const [a, b] = known;
  if (b && runs[0].run === runs[1].run) return `${sentences[0]}. Run B is the same: choose what differs.`;
  if (!b || a.loss === null || b.loss === null || a.isFinal !== b.isFinal) return `${sentences.join(". ")}.`;
  const difference = Math.abs(a.loss - b.loss);
  if (difference < noticeable) return `${sentences.join(". ")}: hardly a difference.`;
  const comparison = a.loss > b.loss ? "lower" : "higher";
  return `${sentences.join(". ")}: ${difference.toFixed(2)} nats per token ${comparison}.`;
}

/** "Standard" within a sentence is "standard"; "AdamW" stays. */
const inSentence = (title: string): string =>
  /^[A-Z][a-z]+\b/.test(title) ? title[0].toLowerCase() + title.slice(1) : title;

interface Outcome {
  readonly text: string;
  /** Null where a run has none to compare. */
  readonly loss: number | null;
  /** Whether the loss is that on held-out text at the end. */
  readonly isFinal: boolean;
}

/** Whether a run has losses, but none at its end. */
const isUnderWay = ({run}: ShownRun): boolean =>
  run.losses.length > 0 && !run.diverged && finalLoss(run) === undefined;

const finalLoss = ({status, heldOutLoss}: ShownRun["run"]): number | undefined =>
  status === "done" ? heldOutLoss.at(-1)?.loss : undefined;

/** By the held-out loss where there is one at the end, else by the mean of the latest training losses up to a step. */
function outcomeOf({run}: ShownRun, step: number): Outcome | undefined {
  if (run.diverged) return {text: `diverges in step ${run.diverged.step}`, loss: null, isFinal: true};
  if (run.losses.length === 0) return undefined;
  const heldOut = finalLoss(run);
  if (heldOut === undefined) {
    const latest = run.losses.slice(0, step).slice(-10);
    const loss = latest.reduce((sum, value) => sum + value, 0) / latest.length;
    return {text: `is at a loss of ${loss.toFixed(2)} after step ${step}`, loss, isFinal: false};
  }
  const guessing = run.vocabularySize === null ? Number.POSITIVE_INFINITY : Math.log(run.vocabularySize);
  const text =
    heldOut > nothingLearned * guessing
      ? `learns nothing: a held-out loss of ${heldOut.toFixed(2)}, where guessing gives ${guessing.toFixed(2)}`
      : `reaches a held-out loss of ${heldOut.toFixed(2)}`;
  return {text, loss: heldOut, isFinal: true};
}
