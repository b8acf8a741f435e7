import {finalLosses} from "./final-losses.js";
import type {LossRow} from "./loss-row.js";
import {lossSentence} from "./loss-sentence.js";

/** What the loss curves show of plain FP8 under both schemes, and whether that is what unit scaling promises. */
export function lossClaim(rows: readonly LossRow[]): string {
  const losses = finalLosses(rows);
  const cost = (scheme: string) => {
    const of = (recipe: string) => losses.find((run) => run.scheme === scheme && run.recipe === recipe)?.loss;
    return (of("fp8") ?? Number.NaN) - (of("fp32") ?? Number.NaN);
  };
  const conclusion =
    cost("unit") < cost("standard")
      ? "The constants in the graph do what scale factors would have to do."
      : "In these runs unit scaling makes plain FP8 no cheaper than standard training does.";
  return (
    `Under the standard scheme ${lossSentence(rows, "standard")}; ` +
    `under unit scaling ${lossSentence(rows, "unit")}. ${conclusion}`
  );
}
