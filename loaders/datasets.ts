import type {ColumnTable} from "arquero";
import type {RunRecord} from "../src/training/run-record.js";
import {activationUnderflowTable} from "./activation-underflow-table.js";
import {driftTable} from "./drift-table.js";
import {labRuns} from "./lab-runs.js";
import {lossesTable} from "./losses-table.js";
import {recipeHealthTable} from "./recipe-health-table.js";
import {recipeLossesTable} from "./recipe-losses-table.js";
import {recipeRuns} from "./recipe-runs.js";
import {repeatedRuns, repeatedSweeps} from "./repeated-runs.js";
import {runSummaries} from "./run-summaries.js";
import {sequenceLayersTable} from "./sequence-layers-table.js";
import {tabRun} from "./tab-run.js";
import {transferTable} from "./transfer-table.js";
import {varianceTable} from "./variance-table.js";

/** A file of the site that is made from runs. */
export interface Dataset {
  /** Names of files in data/settings, whose runs it is made from. */
  readonly presets: readonly string[];
  /** Whether it is made from their quick sizes, which are computed here even where results are published. */
  readonly isRepeated?: true;
  /** What it holds: a table for an Arrow file, any value for JSON. */
  readonly content: (records: readonly RunRecord[]) => ColumnTable | object | Promise<ColumnTable | object>;
}

/** Every dataset that is made from runs, by the file that its loader writes. Other loaders stand for themselves. */
export const datasets: Readonly<Record<string, Dataset>> = {
  "variance.arrow": {presets: ["variance"], content: varianceTable},
  "drift.arrow": {presets: ["variance"], content: driftTable},
  "losses.arrow": {presets: ["variance"], content: lossesTable},
  "runs.json": {presets: ["variance"], content: runSummaries},
  "transfer.arrow": {presets: ["transfer"], content: transferTable},
  "activation-underflow.arrow": {presets: ["activations"], content: activationUnderflowTable},
  "recipe-losses.arrow": {presets: ["recipes"], content: recipeLossesTable},
  "recipe-health.arrow": {presets: ["recipes"], content: recipeHealthTable},
  "recipe-runs.json": {presets: ["recipes"], content: recipeRuns},
  "sequence-layers.arrow": {presets: ["unit"], content: sequenceLayersTable},
  "tab.json": {presets: ["tab"], content: tabRun},
  "lab.json": {presets: ["lab"], content: labRuns},
  "reproduce.json": {presets: repeatedSweeps(), isRepeated: true, content: repeatedRuns},
};
