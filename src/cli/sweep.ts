import {engineId} from "../kernels/generated.js";
import {parseOverrides} from "../sweeps/overrides.js";
import {plan} from "../sweeps/plan.js";
import {readPreset} from "../sweeps/preset.js";
import {publish, readPublished} from "../sweeps/published.js";
import {runLabels} from "../sweeps/run-label.js";
import {openRunStore, type RunStore} from "../sweeps/run-store.js";
import {settingsChoices} from "../sweeps/settings-choices.js";
import {runId} from "../training/run-id.js";
import type {RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import {duration} from "./progress-display.js";
import {runWithProgress} from "./run-with-progress.js";
import {alignColumns} from "./text.js";

export interface SweepOptions {
  readonly set: readonly string[];
  readonly workers?: number;
  readonly quick?: true;
  readonly dryRun?: true;
  readonly publish?: true;
  readonly json?: true;
}

/** Trains every model of a settings file that is not finished yet, and prints a line for each. */
export async function sweep(name: string, options: SweepOptions): Promise<void> {
  const preset = readPreset(name);
  const size = options.quick ? "quick" : "full";
  const runs = plan(preset, parseOverrides(options.set, [preset.name]), settingsChoices(), {size});
  const store = openRunStore();
  if (options.dryRun) {
    process.stdout.write(`${await listed(runs, store, preset.name)}\n`);
    return;
  }
  const records = await runWithProgress(runs, {store, workers: options.workers});
  process.stdout.write(
    options.json
      ? records.map((record) => `${JSON.stringify(record)}\n`).join("")
      : `${described(records)}\n`,
  );
  if (options.publish) process.stderr.write(`published as ${await publish(preset.name, records)}\n`);
}

/** The runs that are planned, and which of them are there. */
async function listed(runs: readonly RunSettings[], store: RunStore, preset: string): Promise<string> {
  const published = readPublished([preset], settingsChoices());
  const labels = runLabels(runs);
  const rows = await Promise.all(
    runs.map(async (run, index) => {
      const id = runId(run, engineId);
      const state = (await store.get(id)) ? "finished" : published(run) ? "published" : "missing";
      return [id, state, labels[index]];
    }),
  );
  return alignColumns([["run", "state", "settings"], ...rows]);
}

function described(records: readonly RunRecord[]): string {
  const labels = runLabels(records.map(({settings}) => settings));
  const rows = records.map(({id, parameters, finalHeldOutLoss, diverged, timing}, index) => [
    id,
    String(parameters),
    finalHeldOutLoss?.toFixed(4) ?? `diverged at step ${diverged?.step}`,
    duration(timing.seconds),
    labels[index],
  ]);
  return alignColumns([["run", "parameters", "held-out loss", "time", "settings"], ...rows], {right: [1, 3]});
}
