import * as aq from "arquero";
import type {RunRecord} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";

/**
 * One row for each run at the learning rate that is best in fp32 for its scheme, optimizer and sequence layer:
 * sequence_layer, optimizer, scheme, recipe, loss_scale (1 without one), learning_rate, seed, loss (held out, in nats per
 * token; null for a run that diverged), floor, parameters, tokens and run (its id).
 */
export function sequenceLayersTable(records: readonly RunRecord[]) {
  const rates = bestRates(records.filter(({settings}) => settings.recipe === "fp32"));
  const chosen = records.filter(({settings}) => rates.get(familyOf(settings)) === settings.learningRate);
  return aq
    .from(
      chosen.map(({id, settings, finalHeldOutLoss, floor, parameters, tokens}) => ({
        sequence_layer: settings.sequenceLayer,
        ...{optimizer: settings.optimizer, scheme: settings.scheme, recipe: settings.recipe},
        loss_scale: typeof settings.lossScale === "number" ? settings.lossScale : 1,
        ...{learning_rate: settings.learningRate, seed: settings.seed},
        ...{loss: finalHeldOutLoss, floor, parameters, tokens, run: id},
      })),
    )
    .orderby("sequence_layer", "optimizer", "scheme", "recipe", "loss_scale", "seed");
}

/** What shares a learning rate. */
const familyOf = ({scheme, optimizer, sequenceLayer}: RunSettings): string =>
  `${scheme} ${optimizer} ${sequenceLayer}`;

/** The learning rate of each family with the lowest mean loss; one at which a run diverges is never the best. */
function bestRates(records: readonly RunRecord[]): Map<string, number> {
  const losses = new Map<string, Map<number, number[]>>();
  for (const {settings, finalHeldOutLoss} of records) {
    const ofFamily = losses.get(familyOf(settings)) ?? new Map<number, number[]>();
    losses.set(familyOf(settings), ofFamily);
    const ofRate = ofFamily.get(settings.learningRate) ?? [];
    ofFamily.set(settings.learningRate, [...ofRate, finalHeldOutLoss ?? Number.POSITIVE_INFINITY]);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return new Map(
    [...losses].map(([family, ofFamily]) => {
      const byLoss = [...ofFamily].sort(([, a], [, b]) => mean(a) - mean(b));
      return [family, byLoss[0][0]];
    }),
  );
}
