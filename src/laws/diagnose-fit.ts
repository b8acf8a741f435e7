import {type FitEvents, type FitOptions, type FitResult, fit as fitLaw} from "./fit.js";
import type {Law} from "./law.js";
import type {RunTable} from "./run-table.js";

/** What one fit alone does not tell. */
export interface FitDiagnosis {
  /** With bootstrap, and with the largest runs left out. */
  readonly result: FitResult;
  /** The constants with other δ of Huber's loss, in the law's order; a δ of null is least squares. */
  readonly deltas: readonly {readonly delta: number | null; readonly constants: readonly number[]}[];
}

/** Fits to redrawn runs. */
const replicates = 200;

const deltas = [1e-4, 1e-3, 1e-2, 0.1, null];

/** Starts of a fit whose constants are about known. */
const fewStarts = 20;

/** Repeats a fit with redrawn runs, without the largest runs and with other losses, to see how far it can be trusted. */
export function diagnoseFit(
  law: Law,
  table: RunTable,
  options: FitOptions,
  {onProgress = () => {}}: {onProgress?: (done: number, of: number) => void} = {},
): FitDiagnosis {
  const events: FitEvents = {
    onProgress: ({stage, done, of}) => {
      if (stage === "replicates") onProgress(done, of);
    },
  };
  const result = fitLaw(law, table, {...options, bootstrap: {replicates}, leaveLargestOut: {}}, events);
  return {
    result,
    deltas: deltas.map((delta) => {
      const huberDelta = delta ?? Number.POSITIVE_INFINITY;
      const other = fitLaw(law, table, {...options, huberDelta, starts: fewStarts});
      return {delta, constants: other.constants.map(({value}) => value)};
    }),
  };
}
