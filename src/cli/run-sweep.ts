import {failure, interruption} from "../errors.js";
import type {Executor, PlannedRun, StopSignals} from "../sweeps/executor.js";
import {plainReason, type ReasonOf} from "../sweeps/refusal-reason.js";
import type {RunStore} from "../sweeps/run-store.js";
import type {RunSummary} from "../sweeps/run-summary.js";
import {type RunOutcome, type SweepTotals, sweep} from "../sweeps/sweep.js";
import {duration} from "./progress-display.js";
import {stoppable} from "./stop-signals.js";
import {sweepDisplay} from "./sweep-display.js";
import {alignColumns} from "./text.js";

export interface RunSweepOptions {
  readonly store: RunStore;
  readonly executor: Executor;
  readonly retries?: number;
  readonly failFast?: boolean;
  /** Time for the runs in flight after SIGTERM. */
  readonly graceSeconds: number;
  /** Prints a JSON object for each run as soon as it is finished or failed, instead of a table at the end. */
  readonly json?: boolean;
  readonly reasonOf?: ReasonOf;
}

/**
 * Computes what is missing of a sweep, with its progress on stderr and what came of it on stdout.
 * @throws a one-line error when a run failed or someone stopped the sweep
 */
export async function runSweep(
  runs: readonly PlannedRun[],
  {store, executor, retries, failFast, graceSeconds, json, reasonOf = plainReason}: RunSweepOptions,
): Promise<void> {
  const start = performance.now();
  const display = sweepDisplay();
  const {onProgress, onDownload, onNotice} = display;
  const rows = new Map<string, string[]>();
  let firstFailure = "";
  const onOutcome = (outcome: RunOutcome) => {
    if (json) process.stdout.write(`${JSON.stringify(outcomeJson(outcome))}\n`);
    else rows.set(outcome.run.id, tableRow(outcome));
  };
  let isInterrupted = () => false;
  const compute = (stop: StopSignals) => {
    isInterrupted = () => stop.drain.aborted;
    return sweep(runs, {
      ...{store, executor, retries, failFast, stop, onOutcome, onProgress, onNotice, corpora: {onDownload}},
      onFailure(run, failed) {
        const {attempt, willRetry} = failed;
        const reason = reasonOf(run, failed);
        if (!willRetry) firstFailure ||= `${nameOf(run)} failed: ${reason}`;
        onNotice(`${nameOf(run)} failed${willRetry ? `, attempt ${attempt}; trying again` : ""}: ${reason}`);
      },
    });
  };
  let totals: SweepTotals;
  try {
    totals = await stoppable(compute, {graceSeconds, onNotice});
  } finally {
    display.finish();
    await executor.close();
  }
  const left = totals.runs - totals.stored - totals.computed - totals.failed;
  if (!json && left === 0 && runs.length > 0) {
    const ordered = runs.map(({id}) => rows.get(id)!);
    process.stdout.write(`${alignColumns([header, ...ordered], {right: [1]})}\n`);
  }
  process.stderr.write(`${describeTotals(totals, (performance.now() - start) / 1000)}\n`);
  if (left > 0 && (isInterrupted() || totals.failed === 0)) {
    throw interruption(
      `interrupted: ${totals.stored + totals.computed} of ${totals.runs} runs are finished and kept`,
    );
  }
  if (totals.failed > 0)
    throw failure(totals.failed === 1 ? firstFailure : `${totals.failed} runs failed; ${firstFailure}`);
}

const nameOf = ({label, id}: PlannedRun): string => `the run ${label || id}`;

/** `12 runs: 3 stored, 8 computed in 2 min 3 s, 1 failed`. */
function describeTotals({runs, stored, computed, failed}: SweepTotals, seconds: number): string {
  const left = runs - stored - computed - failed;
  const parts = [
    stored > 0 ? `${stored} finished before` : "",
    computed > 0 ? `${computed} computed in ${duration(seconds)}` : "",
    failed > 0 ? `${failed} failed` : "",
    left > 0 ? `${left} not computed` : "",
  ];
  const said = parts.filter((part) => part !== "").join(", ");
  return `${runs} ${runs === 1 ? "run" : "runs"}${said && `: ${said}`}`;
}

// Without times, so that the table of a sweep is the same however it came about.
const header = ["run", "parameters", "held-out loss", "weights", "settings"];

function tableRow(outcome: RunOutcome): string[] {
  const {run} = outcome;
  if (outcome.state === "failed") return [run.id, "", "failed", "", run.label];
  const {parameters, weightHash} = outcome.summary;
  return [run.id, String(parameters), lossText(outcome.summary), weightHash.slice(0, 12), run.label];
}

const lossText = ({finalHeldOutLoss, diverged}: RunSummary): string =>
  finalHeldOutLoss?.toFixed(4) ?? `diverged at step ${diverged?.step}`;

function outcomeJson(outcome: RunOutcome): object {
  const {state, run} = outcome;
  if (state !== "failed") return {state, label: run.label, ...outcome.summary};
  const {reason, attempts} = outcome;
  return {state, label: run.label, id: run.id, settings: run.settings, reason, attempts};
}
