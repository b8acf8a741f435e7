import {availableParallelism} from "node:os";
import {engineId} from "../kernels/generated.js";
import type {PlannedRun} from "../sweeps/executor.js";
import {openFailures} from "../sweeps/failures.js";
import {forecast, type SweepForecast} from "../sweeps/forecast.js";
import {publishedSettings} from "../sweeps/published.js";
import {largestRunBytes, machineBytes, workersThatFit} from "../sweeps/run-memory.js";
import type {RunStore} from "../sweeps/run-store.js";
import {settingsChoices} from "../sweeps/settings-choices.js";
import {canonicalJson} from "../training/canonical-json.js";
import {sizeText} from "../training/memory-plan.js";
import {duration} from "./progress-display.js";
import {alignColumns} from "./text.js";

/** What a sweep would do: its runs and where they stand, their operations, time and memory. Computes nothing. */
export async function forecastSweep(
  runs: readonly PlannedRun[],
  {store, preset, workers = availableParallelism()}: {store: RunStore; preset: string; workers?: number},
): Promise<SweepForecast> {
  const published = await publishedSettings(preset, settingsChoices());
  const finished = await store.summaries(runs.map(({id}) => id));
  const failed = await openFailures(store.folder).list();
  const known = await store.summaries(await store.ids());
  const left = runs.filter(({id}) => !finished.has(id)).map(({settings}) => settings);
  const largest = await largestRunBytes(left);
  return forecast(runs, {
    stateOf({id, settings}) {
      if (finished.has(id)) return "finished";
      return failed.has(id) ? "failed" : published.has(canonicalJson(settings)) ? "published" : "missing";
    },
    ...{finished, known: known.values(), engine: engineId, largestRunBytes: largest},
    workers: Math.min(workers, workersThatFit(largest, machineBytes())),
  });
}

export function describeForecast({runs, ...totals}: SweepForecast): string {
  const rows = runs.map(({id, state, parameters, tokens, operations, seconds, label}) => [
    ...[id, state, String(parameters), String(tokens), operationsText(operations)],
    ...[state === "finished" ? duration(seconds) : `~${duration(seconds)}`, label],
  ]);
  const header = ["run", "state", "parameters", "tokens", "operations", "time", "settings"];
  return `${alignColumns([header, ...rows], {right: [2, 3, 4, 5]})}\n\n${describeTotals(totals, runs.length)}`;
}

function describeTotals(
  {counts, operations, coreSeconds, seconds, workers, speed, memory}: Omit<SweepForecast, "runs">,
  runs: number,
): string {
  const states = Object.entries(counts).filter(([, count]) => count > 0);
  const lines = [
    `${runs} ${runs === 1 ? "run" : "runs"}: ${states.map(([state, count]) => `${count} ${state}`).join(", ")}`,
    `operations: ${operationsText(operations.all)}, of which ${operationsText(operations.left)} are left` +
      " (6 for each parameter and trained token, 2 for each held-out one)",
  ];
  if (coreSeconds === 0) return lines.join("\n");
  const each = workers === 1 ? "one worker" : `${workers} workers`;
  return [
    ...lines,
    `time: about ${duration(seconds)} with ${each}, ${duration(coreSeconds)} of one core, ${speed}`,
    `memory: ${sizeText(memory.run)} for the largest run; about ${sizeText(memory.all)} in all, programs included`,
  ].join("\n");
}

/** `2.4 TFLOP`. */
export function operationsText(operations: number): string {
  if (operations === 0) return "0";
  const units = ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"];
  const power = Math.min(Math.floor(Math.log10(operations) / 3), units.length - 1);
  return `${Number((operations / 10 ** (3 * power)).toPrecision(3))} ${units[power]}`;
}
