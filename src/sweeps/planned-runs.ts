import {createHash} from "node:crypto";
import {canonicalJson} from "../training/canonical-json.js";
import {recordVersion} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";
import type {PlannedRun} from "./executor.js";
import {runLabels} from "./run-label.js";

/** The runs with their ids for an engine, and labels that tell them apart; equal ones once. */
export function plannedRuns(settings: readonly RunSettings[], engine: string): PlannedRun[] {
  const distinct = [...new Map(settings.map((run) => [nodeRunId(run, engine), run]))];
  const labels = runLabels(distinct.map(([, run]) => run));
  return distinct.map(([id, settings], index) => ({id, settings, label: labels[index]}));
}

/** As `runId` says, by Node's own hash: that one also runs in a browser, and takes ten times as long for thousands of runs. */
const nodeRunId = (settings: RunSettings, engine: string): string =>
  createHash("sha256")
    .update(canonicalJson({settings, engine, version: recordVersion}))
    .digest("hex")
    .slice(0, 20);
