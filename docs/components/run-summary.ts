import type {RunSettings} from "../src/training/run-settings.js";

/** One run of the page's data: an entry of `loaders/runs.json`. */
export interface RunSummary {
  readonly id: string;
  readonly engine: string;
  readonly settings: RunSettings;
  readonly parameters: number;
  readonly tokens: number;
  readonly finalTrainingLoss: number | null;
  readonly finalHeldOutLoss: number | null;
  readonly floor: number | null;
  readonly diverged: {readonly step: number; readonly reason: string} | null;
  readonly weightHash: string;
}
