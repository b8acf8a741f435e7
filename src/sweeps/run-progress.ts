import {countParameters} from "../nn/model-shape.js";
import type {RunSettings} from "../training/run-settings.js";
import {runShape} from "../training/run-shape.js";

export interface RunStatus {
  readonly id: string;
  /** The settings in which this run differs from the others; empty when there is only one. */
  readonly label: string;
  /** `stored` runs were finished before. */
  readonly state: "stored" | "waiting" | "running" | "finished";
  readonly step: number;
  readonly steps: number;
  /** Last training loss in nats per token, once there is one. */
  readonly loss: number | null;
}

export interface SweepProgress {
  readonly runs: readonly RunStatus[];
  /** Share of the work that was not in the store. */
  readonly share: number;
  /** Estimate from the work done so far; null at the beginning. */
  readonly secondsLeft: number | null;
}

/** Sums up the state of all runs; `seconds` is the time since the first of them started. */
export function sweepProgress(
  runs: readonly (RunStatus & {readonly settings: RunSettings})[],
  seconds: number,
): SweepProgress {
  const missing = runs.filter(({state}) => state !== "stored");
  const work = missing.reduce((sum, {settings}) => sum + runWork(settings), 0);
  const done = missing.reduce(
    (sum, {settings, step}) => sum + (runWork(settings) * step) / settings.steps,
    0,
  );
  const share = work === 0 ? 1 : done / work;
  return {
    runs: runs.map(({settings: _, ...status}) => status),
    share,
    secondsLeft: share > 0 ? (seconds * (1 - share)) / share : null,
  };
}

/** Multiplications of a run in proportion: tokens times parameters (Kaplan et al. 2020, section 2.1). */
function runWork(settings: RunSettings): number {
  const vocabulary = settings.vocabulary === "byte" ? 256 : 64;
  return settings.steps * settings.batch * settings.context * countParameters(runShape(settings, vocabulary));
}
