import * as aq from "arquero";
import {probedFormats} from "../src/training/measure-probe.js";
import type {RunRecord} from "../src/training/run-record.js";

/**
 * One row for each tensor of each run as it was probed before the first step and after the last: scheme, recipe, stage
 * ("initial" or "trained"), step, depth, layer, tensor, elements, mean, spread, largest, zeros, histogram (share per
 * exponent), and underflow_ and overflow_ by format. `drift.arrow` has what was probed in between.
 */
export function varianceTable(records: readonly RunRecord[]) {
  const rows = records.flatMap(({settings, probes}) =>
    probes
      .filter(({step}) => step === 0 || step === settings.steps)
      .map(({underflow, overflow, histogram, ...probe}) => ({
        scheme: settings.scheme,
        recipe: settings.recipe,
        stage: probe.step === 0 ? "initial" : "trained",
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
