import type {RunRecord} from "../src/training/run-record.js";

/**
 * One row for each way in which the weights of a run were quantized after training: parameters and tokens of the run,
 * what its weights were rounded to in training (`fp32`, `int4 row`), seed, method, cast, bits (null but for integers),
 * and the held-out loss in nats per token before and after.
 */
export const afterTrainingRows = (records: readonly RunRecord[]) =>
  records.flatMap(({settings, parameters, tokens, finalHeldOutLoss, postTraining}) =>
    postTraining.map(({cast, method, heldOutLoss}) => ({
      ...{parameters, tokens, seed: settings.seed},
      trained: settings.forwardWeight === "recipe" ? settings.recipe : settings.forwardWeight,
      ...{method, cast, bits: integerBits(cast)},
      ...{before: finalHeldOutLoss, after: heldOutLoss},
    })),
  );

/** Bits of a cast or recipe of integers: 4 of `int4 row`; null of others. */
export function integerBits(cast: string): number | null {
  const [, bits] = /^int(\d+)\b/.exec(cast) ?? [];
  return bits === undefined ? null : Number(bits);
}
