import type {RunRecord} from "../src/training/run-record.js";

/** The runs whose tensors were looked at: one of each recipe and scheme. */
export const probedRuns = (records: readonly RunRecord[]): readonly RunRecord[] =>
  records.filter(({probes}) => probes.length > 0);
