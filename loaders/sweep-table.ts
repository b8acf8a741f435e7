import * as aq from "arquero";
import {differingKeys} from "../src/sweeps/differing-keys.js";
import type {RunRecord} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";

/** Points of a curve, at most: as many as a chart can show. */
const mostPoints = 100;

/**
 * One row for each run of a sweep, in the order of its plan: id, engine, parameters, tokens, seconds, held_out_loss in
 * nats per token (null where the run diverged), floor, diverged_step and diverged_reason (null where it did not),
 * weight_hash, and a column for each setting that is not the same in all runs, its value as JSON. `curve` is the
 * training loss, each point the mean of `curve_steps` steps, the last one of what is left.
 *
 * Where weights were quantized after training, a run has a row more for each way: `after_training` names it,
 * held_out_loss is the one that it leaves, and the curve is empty, since it is that of the run.
 */
export function sweepTable(records: readonly RunRecord[]) {
  const keys = differingKeys(records.map(({settings}) => settings));
  return aq.from(records.flatMap((record) => [runRow(record, keys), ...quantizedRows(record, keys)]));
}

function runRow(record: RunRecord, keys: readonly (keyof RunSettings)[]) {
  const {id, engine, settings, parameters, tokens, timing, finalHeldOutLoss, floor, diverged} = record;
  const count = Math.max(1, Math.ceil(settings.steps / mostPoints));
  return {
    ...{id, engine, after_training: "", parameters, tokens, seconds: timing.seconds},
    ...{held_out_loss: finalHeldOutLoss, floor, weight_hash: record.weightHash},
    ...{diverged_step: diverged?.step ?? null, diverged_reason: diverged?.reason ?? null},
    ...Object.fromEntries(keys.map((key) => [key, JSON.stringify(settings[key])])),
    ...{curve_steps: count, curve: means(record.trainingLoss, count)},
  };
}

const quantizedRows = (record: RunRecord, keys: readonly (keyof RunSettings)[]) =>
  record.postTraining.map(({cast, method, heldOutLoss}) => ({
    ...runRow(record, keys),
    after_training: method === "nearest" ? cast : `${method} ${cast}`,
    held_out_loss: heldOutLoss,
    curve: new Float32Array(),
  }));

/** Means of so many values each; the last one of what is left. */
function means(values: readonly number[], count: number): Float32Array {
  return Float32Array.from({length: Math.ceil(values.length / count)}, (_, i) => {
    const part = values.slice(i * count, (i + 1) * count);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
