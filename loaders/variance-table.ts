import * as aq from "arquero";
import {probedFormats} from "../src/training/measure-probe.js";
import type {RunRecord} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";

/**
 * One row for each probed tensor of each run: scheme, recipe, stage ("initial", "training" or "trained"), step, depth,
 * layer, tensor, elements, mean, spread, largest, zeros, histogram (share per exponent), and underflow_ and overflow_ by format.
 */
export function varianceTable(records: readonly RunRecord[]) {
  const rows = records.flatMap(({settings, probes}) =>
    probes.map(({underflow, overflow, histogram, ...probe}) => ({
      scheme: settings.scheme,
      recipe: settings.recipe,
      stage: stageOf(probe.step, settings),
      ...probe,
      histogram: Float32Array.from(histogram),
      ...Object.fromEntries(
        probedFormats.flatMap((format) => [
          [`underflow_${format}`, underflow[format]],
          [`overflow_${format}`, overflow[format]],
        ]),
      ),
    })),
  );
  return aq.from(rows).orderby("scheme", "recipe", "step", "depth", "tensor");
}

const stageOf = (step: number, {steps}: RunSettings) =>
  step === 0 ? "initial" : step === steps ? "trained" : "training";
