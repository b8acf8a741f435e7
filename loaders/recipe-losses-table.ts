import * as aq from "arquero";
import type {RunRecord} from "../src/training/run-record.js";
import {probedRuns} from "./probed-runs.js";

/** Steps between two points of a curve, and over which each is averaged. */
const interval = 10;

/**
 * Loss curves of the probed runs: one row for each tenth step, with scheme, recipe, step and loss, the mean
 * training loss of the ten steps up to it in nats per token.
 */
export function recipeLossesTable(records: readonly RunRecord[]) {
  const rows = probedRuns(records).flatMap(({settings: {scheme, recipe}, trainingLoss}) =>
    Array.from({length: Math.floor(trainingLoss.length / interval)}, (_, i) => {
      const losses = trainingLoss.slice(i * interval, (i + 1) * interval);
      const loss = losses.reduce((sum, value) => sum + value, 0) / interval;
      return {scheme, recipe, step: (i + 1) * interval, loss};
    }),
  );
  return aq.from(rows);
}
