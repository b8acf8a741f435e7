import type {RunRecord} from "../src/training/run-record.js";

/** Of each run what a page quotes: settings, size, results and the hash of the weights. */
export function runSummaries(records: readonly RunRecord[]) {
  return records.map(
    ({
      id,
      engine,
      settings,
      parameters,
      tokens,
      finalTrainingLoss,
      finalHeldOutLoss,
      floor,
      diverged,
      weightHash,
    }) => ({
      id,
      engine,
      settings,
      parameters,
      tokens,
      finalTrainingLoss,
      finalHeldOutLoss,
      floor,
      diverged,
      weightHash,
    }),
  );
}
