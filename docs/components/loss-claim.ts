import {finalLosses} from "./final-losses.js";
import type {LossRow} from "./loss-row.js";
import {lossSentence} from "./loss-sentence.js";

/** What the loss curves show of plain FP8 under both schemes, and whether that is what unit scaling promises; empty if a run is missing. */
export function lossClaim(rows: readonly LossRow[]): string {
  const losses = finalLosses(rows);
  const cost = (scheme: string) => {
    const of = (recipe: string) => losses.find((run) => run.scheme === scheme && run.recipe === recipe)?.loss;
    return (of("fp8") ?? Number.NaN) - (of("fp32") ?? Number.NaN);
  };
  const [standard, unit] = [lossSentence(rows, "standard"), lossSentence(rows, "unit")];
  if (!standard || !unit) return "";
  const conclusion =
    cost("unit") < cost("standard")
      ? "The constants in the graph do what scale factors would have to do."
      : "In these runs unit scaling makes plain FP8 no cheaper than standard training does.";
  return `Under the standard scheme ${standard}; under unit scaling ${unit}. ${conclusion}`;
}
