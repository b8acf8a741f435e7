import * as aq from "arquero";
import type {RunRecord} from "../src/training/run-record.js";

/**
 * What a cast loses of the output of the activation function while models train: activation, seed, step (steps done),
 * block, underflow_e4m3fn and underflow_e5m2 (share of the non-zero values that the cast turns to zero), and the run's
 * held_out_loss at the end in nats per token.
 */
export const activationUnderflowTable = (records: readonly RunRecord[]) =>
  aq.from(
    records.flatMap(({settings: {activation, seed}, probes, finalHeldOutLoss}) =>
      probes.flatMap(({layer, tensor, step, underflow}) => {
        const block = /^block (\d+) mlp down$/.exec(layer);
        if (!block || tensor !== "activation") return [];
        const lost = {underflow_e4m3fn: underflow.e4m3fn, underflow_e5m2: underflow.e5m2};
        return [{activation, seed, step, block: Number(block[1]), ...lost, held_out_loss: finalHeldOutLoss}];
      }),
    ),
  );
