import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {engineId} from "../src/kernels/generated.js";
import type {Executor} from "../src/sweeps/executor.js";
import {localExecutor} from "../src/sweeps/local-executor.js";
import {plan} from "../src/sweeps/plan.js";
import {plannedRuns} from "../src/sweeps/planned-runs.js";
import {parsePreset} from "../src/sweeps/preset.js";
import {openRunStore} from "../src/sweeps/run-store.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import {sweep} from "../src/sweeps/sweep.js";
import {parseYaml} from "../src/training/yaml-source.js";
import type {Candidate} from "./measure.js";

/** About a quarter of a second on one core. */
const run = "layers: 2\nwidth: 32\nheads: 2\ncontext: 64\nbatch: 8\nsteps: 80\nevaluationBatches: 1\n";
/** So many that a worker which ends first, and then waits for the other, does not decide. */
const sweepRuns = 16;
const tinyRun = "layers: 1\nwidth: 8\nheads: 2\ncontext: 8\nbatch: 2\nsteps: 2\nevaluationBatches: 1\n";

export interface SweepBench {
  /** A sweep of `sweepRuns` runs; the rate is in runs per second, without the start of the workers. */
  readonly runs: (name: string, workers: number) => Candidate;
  /** Milliseconds for each of 50 tiny runs that are not training: plan, store, dispatch. */
  readonly overhead: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Sweeps in a store of their own, in which no run is ever found: each has seeds of its own. */
export function startSweeps(): SweepBench {
  const folder = mkdtempSync(join(tmpdir(), "bitscape-bench-"));
  const store = openRunStore({folder});
  const executors = new Map<number, Executor>();
  let nextSeed = 1;

  const executorOf = (workers: number): Executor => {
    const executor = executors.get(workers) ?? localExecutor({workers});
    executors.set(workers, executor);
    return executor;
  };

  /** Seconds of a whole sweep and of the training in it. */
  async function measure(settings: string, count: number, workers: number) {
    const start = performance.now();
    const seeds = Array.from({length: count}, () => nextSeed++);
    const preset = parsePreset("bench", parseYaml(`${settings}seed: [${seeds.join(", ")}]\n`, "bench.yaml"));
    const runs = plannedRuns(plan(preset, [], settingsChoices()), engineId);
    let training = 0;
    await sweep(runs, {
      ...{store, executor: executorOf(workers)},
      onOutcome: (outcome) => {
        if (outcome.state === "failed") throw new Error(outcome.reason);
        training += outcome.summary.seconds;
      },
    });
    return {seconds: (performance.now() - start) / 1000, training};
  }

  return {
    runs: (name, workers) => ({
      ...{name, unit: "runs/s"},
      rate: async () => sweepRuns / (await measure(run, sweepRuns, workers)).seconds,
    }),
    async overhead() {
      const {seconds, training} = await measure(tinyRun, 50, 1);
      return ((seconds - training) / 50) * 1000;
    },
    async close() {
      await Promise.all([...executors.values()].map((executor) => executor.close()));
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
