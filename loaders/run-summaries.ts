import type {RunRecord} from "../src/training/run-record.js";

/** What pages quote of a run. */
const quoted = [
  ...(["id", "engine", "settings", "parameters", "tokens", "finalTrainingLoss", "finalHeldOutLoss"] as const),
  ...(["floor", "diverged", "weightHash"] as const),
];

/** Of each run its settings, size, results and the hash of its weights. */
export function runSummaries(records: readonly RunRecord[]) {
  return records.map((record) => Object.fromEntries(quoted.map((key) => [key, record[key]])));
}
