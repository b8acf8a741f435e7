import * as aq from "arquero";
import type {RunRecord} from "../src/training/run-record.js";

/**
 * One row for each run of a sweep over learning rates: scheme, recipe, width, learning_rate, seed, held_out_loss in nats
 * per token (null where the run diverged), and the floor that no model can get below (null where it is not known).
 */
export const transferTable = (records: readonly RunRecord[]) =>
  aq.from(
    records.map(({settings: {scheme, recipe, width, learningRate, seed}, finalHeldOutLoss, floor}) => ({
      ...{scheme, recipe, width, learning_rate: learningRate, seed},
      ...{held_out_loss: finalHeldOutLoss, floor},
    })),
  );
