import * as aq from "arquero";
import type {RunRecord} from "../src/training/run-record.js";

/**
 * One row for each probed tensor at each probed step of each run: scheme, recipe, step (steps done before), depth, layer,
 * tensor, spread, and underflow by format as shares of the elements that are not zero.
 */
export function driftTable(records: readonly RunRecord[]) {
  const rows = records.flatMap(({settings: {scheme, recipe}, probes}) =>
    probes.map(({step, depth, layer, tensor, spread, underflow}) => ({
      ...{scheme, recipe, step, depth, layer, tensor, spread},
      ...Object.fromEntries(
        Object.entries(underflow).map(([format, share]) => [`underflow_${format}`, share]),
      ),
    })),
  );
  return aq.from(rows).orderby("scheme", "recipe", "tensor", "depth", "step");
}
