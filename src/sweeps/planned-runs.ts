import {runId} from "../training/run-id.js";
import type {RunSettings} from "../training/run-settings.js";
import type {PlannedRun} from "./executor.js";
import {runLabels} from "./run-label.js";

/** The runs with their ids for an engine, and labels that tell them apart; equal ones once. */
export function plannedRuns(settings: readonly RunSettings[], engine: string): PlannedRun[] {
  const distinct = [...new Map(settings.map((run) => [runId(run, engine), run]))];
  const labels = runLabels(distinct.map(([, run]) => run));
  return distinct.map(([id, settings], index) => ({id, settings, label: labels[index]}));
}
