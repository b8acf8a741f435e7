import {runTitle} from "./run-title.js";
import {countText} from "./sweep-axes.js";
import type {Sweep, SweepDesk} from "./sweep-desk.js";
import type {SweepRun} from "./sweep-run.js";

/** How many runs are shown, and how they end. */
export function shownText(desk: SweepDesk): string {
  const {runs, axes} = desk.sweep();
  const shown = desk.shown();
  const count =
    shown.length === runs.length ? `All ${runs.length} runs` : `${shown.length} of ${runs.length} runs`;
  const finished = shown.filter(({loss}) => loss !== null);
  if (shown.length === 0) return "No run is shown: the filters let none through.";
  if (finished.length === 0) return `${count}; all diverged.`;
  const best = bestRun(finished)!;
  const worst = Math.max(...finished.map(({loss}) => loss!));
  const diverged = shown.length - finished.length;
  return (
    `${count}: held-out losses from ${best.loss!.toFixed(3)} (${runTitle(best, axes)}) to ${worst.toFixed(3)} nats` +
    `${diverged > 0 ? `; ${diverged} diverged` : ""}.`
  );
}

export const bestRun = (runs: readonly SweepRun[]): SweepRun | undefined =>
  runs.reduce<SweepRun | undefined>(
    (best, run) => (run.loss !== null && (best === undefined || run.loss < best.loss!) ? run : best),
    undefined,
  );

/** What a sweep is, in numbers. */
export function sweepSizeText({info: {runs, parameters, tokens, seconds}}: Pick<Sweep, "info">): string {
  const range = ([low, high]: readonly [number, number]) =>
    low === high ? countText(low) : `${countText(low)} to ${countText(high)}`;
  return `${runs} runs of models with ${range(parameters)} parameters on ${range(tokens)} tokens; ${hoursText(seconds)} of one core in all.`;
}

/** The result of a sweep in two sentences, from its runs. */
export function sweepTakeaway({runs, axes, spread}: Sweep): string {
  const best = bestRun(runs);
  if (!best) return "All runs of this sweep diverged.";
  const finished = runs.filter(({loss}) => loss !== null);
  const worst = Math.max(...finished.map(({loss}) => loss!));
  const above =
    best.aboveFloor === null ? "" : `, ${best.aboveFloor.toFixed(3)} above the entropy of the language`;
  const noise = Number.isNaN(spread)
    ? "No two of the runs differ in their seed only, so that nothing here says how much is chance"
    : `Another seed moves a final loss by ${lossText(spread)} nats (one standard deviation)`;
  return (
    `The final held-out losses of ${finished.length} runs go from ${best.loss!.toFixed(3)} to ${worst.toFixed(3)} nats per token. ` +
    `The lowest${above}, is that of ${runTitle(best, axes)}. ${noise}.`
  );
}

/** A loss difference with two significant digits. */
export const lossText = (loss: number): string =>
  loss === 0 ? "0" : loss.toFixed(Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(loss))))));

export function hoursText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes`;
  return `${(seconds / 3600).toFixed(1)} hours`;
}

/** How to cite a figure of a sweep. */
export const sweepSource = (figure: string, {info}: Pick<Sweep, "info">): string =>
  `Bitscape, “Sweeps”, ${figure}: sweep ${info.name}, ${info.runs} runs. Engine: ${info.engines.join(", ")}.`;
