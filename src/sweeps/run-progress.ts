import type {PlannedRun} from "./executor.js";
import {runWork} from "./run-work.js";

/** A run that is being computed. */
export interface RunningRun {
  readonly id: string;
  /** The settings in which this run differs from the others; empty when there is only one. */
  readonly label: string;
  /** What computes it, for people. */
  readonly worker: string;
  readonly step: number;
  readonly steps: number;
  /** Last training loss in nats per token, once there is one. */
  readonly loss: number | null;
  /** Since it was begun. */
  readonly seconds: number;
  /** Since it was last heard of. */
  readonly quietSeconds: number;
}

/** Where a sweep stands. Counts are of runs; together they are `total`. */
export interface SweepProgress {
  readonly total: number;
  /** Finished before. */
  readonly stored: number;
  readonly finished: number;
  /** Failed for good. */
  readonly failed: number;
  readonly waiting: number;
  /** In the order in which they were begun. */
  readonly running: readonly RunningRun[];
  /** Share of the work that was not in the store. */
  readonly share: number;
  /** Estimate from the work done so far; null at the beginning. */
  readonly secondsLeft: number | null;
}

/** Keeps count of what an executor tells. */
export interface ProgressTracker {
  readonly start: (id: string, worker: string) => void;
  readonly step: (id: string, progress: {readonly step: number; readonly loss: number}) => void;
  readonly finish: (id: string) => void;
  readonly fail: (id: string, willRetry: boolean) => void;
  readonly progress: () => SweepProgress;
}

interface Running {
  readonly worker: string;
  readonly start: number;
  heard: number;
  step: number;
  loss: number | null;
}

/**
 * @param missing the runs that have to be computed
 * @param stored how many runs were finished before
 * @param now a clock, in milliseconds
 */
export function trackProgress(
  missing: readonly PlannedRun[],
  stored: number,
  now: () => number = () => performance.now(),
): ProgressTracker {
  const work = new Map(missing.map((run) => [run.id, {run, work: runWork(run.settings)}]));
  const allWork = [...work.values()].reduce((sum, {work}) => sum + work, 0);
  const running = new Map<string, Running>();
  const finished = new Set<string>();
  const failed = new Set<string>();
  const begin = now();
  let [workDone, workFailed] = [0, 0];
  return {
    start: (id, worker) => {
      if (!finished.has(id)) running.set(id, {worker, start: now(), heard: now(), step: 0, loss: null});
    },
    step(id, {step, loss}) {
      const known = running.get(id);
      if (known) Object.assign(known, {step, loss, heard: now()});
    },
    finish(id) {
      running.delete(id);
      if (finished.has(id)) return; // of two workers that had the same run, the later
      finished.add(id);
      workDone += work.get(id)!.work;
      if (failed.delete(id)) workFailed -= work.get(id)!.work;
    },
    fail(id, willRetry) {
      running.delete(id);
      if (willRetry || finished.has(id) || failed.has(id)) return;
      failed.add(id);
      workFailed += work.get(id)!.work;
    },
    progress() {
      const time = now();
      let partly = 0;
      const statuses: RunningRun[] = [];
      for (const [id, {worker, start, heard, step, loss}] of running) {
        const {run, work: all} = work.get(id)!;
        const {steps} = run.settings;
        partly += (all * step) / steps;
        const seconds = (time - start) / 1000;
        const quietSeconds = (time - heard) / 1000;
        statuses.push({id, label: run.label, worker, step, steps, loss, seconds, quietSeconds});
      }
      const done = workDone + partly;
      const left = allWork - workFailed - done;
      return {
        total: missing.length + stored,
        ...{stored, finished: finished.size, failed: failed.size},
        waiting: missing.length - finished.size - failed.size - running.size,
        running: statuses,
        share: allWork === 0 ? 1 : (done + workFailed) / allWork,
        secondsLeft: done > 0 ? ((time - begin) / 1000) * (left / done) : null,
      };
    },
  };
}
