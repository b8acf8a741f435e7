import {rollups} from "d3";
import {canonicalJson} from "../src/training/canonical-json.js";
import type {RunRecord} from "../src/training/run-record.js";

/**
 * Of runs that differ in the learning rate alone, those with the best one before anything is rounded after training:
 * their rows. One row for each way in which the weights of a run were quantized after training: parameters and tokens of the run,
 * what its weights were rounded to in training (`fp32`, `int4 row`), seed, method, cast, bits (null but for integers),
 * and the held-out loss in nats per token before and after.
 */
export const afterTrainingRows = (records: readonly RunRecord[]) =>
  bestRates(records.filter(({postTraining}) => postTraining.length > 0)).flatMap(
    ({settings, parameters, tokens, finalHeldOutLoss, postTraining}) =>
      postTraining.map(({cast, method, heldOutLoss}) => ({
        ...{parameters, tokens, seed: settings.seed},
        trained: settings.forwardWeight === "recipe" ? settings.recipe : settings.forwardWeight,
        ...{method, cast, bits: integerBits(cast)},
        ...{before: finalHeldOutLoss, after: heldOutLoss},
      })),
  );

const bestRates = (records: readonly RunRecord[]): RunRecord[] =>
  rollups(
    records,
    (same) =>
      same.reduce((a, b) => ((b.finalHeldOutLoss ?? Infinity) < (a.finalHeldOutLoss ?? Infinity) ? b : a)),
    ({settings}) => canonicalJson({...settings, learningRate: 0}),
  ).map(([, best]) => best);

/** Bits of a cast or recipe of integers: 4 of `int4 row`; null of others. */
export function integerBits(cast: string): number | null {
  const [, bits] = /^int(\d+)\b/.exec(cast) ?? [];
  return bits === undefined ? null : Number(bits);
}
