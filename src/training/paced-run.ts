import type {Run} from "./run.js";
import type {HeldOutLoss, Probe, RunRecord} from "./run-record.js";

/** A probe without its histogram, which is most of it. */
export type SlimProbe = Omit<Probe, "histogram">;

/** What has happened since the last report. */
export interface RunNews {
  /** Steps done. */
  readonly step: number;
  /** Training losses of the steps since the last report, in nats per token. */
  readonly losses: readonly number[];
  readonly heldOutLoss: readonly HeldOutLoss[];
  readonly probes: readonly SlimProbe[];
  /** Seconds spent on all steps so far. */
  readonly seconds: number;
  /** Whether the run waits to be told to go on. */
  readonly isPaused: boolean;
}

export interface PacedRun {
  /** Lets the run do so many more steps; by default all that are left. */
  go(steps?: number): void;
  pause(): void;
}

export interface PacedRunEffects {
  readonly onNews: (news: RunNews) => void;
  readonly onDone: (record: RunRecord) => void;
  readonly onError: (error: unknown) => void;
  /** Calls back soon, after what has arrived meanwhile. */
  readonly defer: (callback: () => void) => void;
  readonly now?: () => number;
}

/** Milliseconds of work after which news are told and messages heard. */
const slice = 40;

/** Runs a run in slices, between which it can be paused, led step by step, and watched. */
export function pacedRun(
  run: Run,
  {onNews, onDone, onError, defer, now = () => performance.now()}: PacedRunEffects,
): PacedRun {
  let allowed = 0;
  let isWorking = false;

  const work = () => {
    try {
      const losses: number[] = [];
      const heldOutLoss: HeldOutLoss[] = [];
      const probes: SlimProbe[] = [];
      const end = now() + slice;
      while (allowed > 0 && !run.isFinished && now() < end) {
        const result = run.step();
        allowed -= 1;
        if (!run.diverged) losses.push(result.loss);
        if (result.heldOutLoss !== null) heldOutLoss.push({step: result.step, loss: result.heldOutLoss});
        for (const {histogram: _, ...probe} of result.probes) probes.push(probe);
      }
      isWorking = allowed > 0 && !run.isFinished;
      const {stepsDone: step, seconds} = run;
      onNews({step, losses, heldOutLoss, probes, seconds, isPaused: !isWorking});
      if (run.isFinished) {
        onDone(run.record());
        run.close();
      } else if (isWorking) defer(work);
    } catch (error) {
      isWorking = false;
      onError(error);
    }
  };
  return {
    go(steps = Number.POSITIVE_INFINITY) {
      if (run.isFinished) return;
      allowed += steps;
      if (isWorking) return;
      isWorking = true;
      defer(work);
    },
    pause() {
      allowed = 0;
    },
  };
}
