import * as aq from "arquero";
import type {RunRecord} from "../src/training/run-record.js";

const {op} = aq;

/** Steps over which the smoothed training loss is averaged. */
const smoothing = 10;

/**
 * One row for each step of each run: scheme, recipe, run, step, tokens, training_loss and training_loss_smooth (the mean
 * of the last ten steps), held_out_loss (null where it was not measured) and floor, all losses in nats per token.
 */
export function lossesTable(records: readonly RunRecord[]) {
  const rows = records.flatMap(({id, settings, trainingLoss, heldOutLoss, floor}) => {
    const heldOut = new Map(heldOutLoss.map(({step, loss}) => [step, loss]));
    return trainingLoss.map((loss, index) => ({
      scheme: settings.scheme,
      recipe: settings.recipe,
      run: id,
      step: index + 1,
      tokens: (index + 1) * settings.batch * settings.context,
      training_loss: loss,
      held_out_loss: heldOut.get(index + 1) ?? null,
      floor,
    }));
  });
  return aq
    .from(rows)
    .groupby("run")
    .orderby("step")
    .derive({
      training_loss_smooth: aq.rolling(
        (d: {training_loss: number}) => op.mean(d.training_loss),
        [1 - smoothing, 0],
      ),
    })
    .ungroup();
}
