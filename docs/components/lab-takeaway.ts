import type {ShownRun} from "./lab-loss-chart.js";

/** Nats per token below which two losses are called equal: about the difference that another seed makes. */
const noticeable = 0.02;

/** What two runs have shown so far, in one or two sentences. */
export function labTakeaway(runs: readonly ShownRun[]): string {
  const known = runs.flatMap((shown) => {
    const outcome = outcomeOf(shown);
    return outcome ? [{...shown, ...outcome}] : [];
  });
  if (known.length === 0) {
    return runs.length > 0
      ? "Training begins."
      : "Nothing is trained yet with these settings: press Train to see.";
  }
  const sentences = known.map(({name, title, text}) => `Run ${name.toUpperCase()} (${title}) ${text}`);
  if (known.length < 2) return `${sentences[0]}.`;
  const [a, b] = known;
  const both = `${sentences[0]}, run B (${b.title}) ${b.text}`;
  if (a.loss === null || b.loss === null) return `${both}.`;
  const difference = Math.abs(a.loss - b.loss);
  if (difference < noticeable) return `${both}: no difference worth speaking of.`;
  const [ahead, behind] = a.loss < b.loss ? [a, b] : [b, a];
  return `${both}: ${ahead.name.toUpperCase()} is ${difference.toFixed(2)} nats per token ahead of ${behind.name.toUpperCase()}.`;
}

/** The held-out loss where there is one, else the mean of the latest training losses. */
function outcomeOf({run}: ShownRun): {text: string; loss: number | null} | undefined {
  if (run.diverged) return {text: `diverged in step ${run.diverged.step}`, loss: null};
  if (run.losses.length === 0) return undefined;
  const isDone = run.status === "done";
  const heldOut = isDone ? run.heldOutLoss.at(-1)?.loss : undefined;
  if (heldOut !== undefined)
    return {text: `ends with a held-out loss of ${heldOut.toFixed(2)}`, loss: heldOut};
  const latest = run.losses.slice(-10);
  const mean = latest.reduce((sum, loss) => sum + loss, 0) / latest.length;
  return {text: `has a training loss of ${mean.toFixed(2)} after ${run.step} steps`, loss: mean};
}
