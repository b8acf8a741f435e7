import type {LabRun} from "./lab-bench.js";
import type {RecordedFormat} from "./lost-shares.js";
import type {LabProbe} from "./recorded-probes.js";
import type {VarianceRow} from "./variance-row.js";

/** The steps at which any of the runs was probed, in their order. */
export const probedSteps = (runs: readonly Pick<LabRun, "probes">[]): number[] =>
  [...new Set(runs.flatMap(({probes}) => probes.map(({step}) => step)))].sort((a, b) => a - b);

/** The last probed step of a run that is not after `at`; null asks for the last of all. */
export const probedStep = (run: Pick<LabRun, "probes">, at: number | null): number | undefined =>
  probedSteps([run])
    .filter((step) => at === null || step <= at)
    .at(-1);

/** A row of the lab's charts and tables. */
export interface LabRow extends VarianceRow {
  /** Share that the recipe's own casts turn to zero, at worst; null where the tensor is not cast. */
  readonly lostInCast: number | null;
}

/** A format, or the casts that the recipe makes. */
export type LossIn = RecordedFormat | "recipe";

/** Probes as rows of the variance chart, where the title of the run stands for the scheme. */
export const probeRows = (title: string, probes: readonly LabProbe[]): LabRow[] =>
  probes.map(({underflow, casts, ...probe}) => ({
    ...{elements: 0, mean: Number.NaN, zeros: Number.NaN, ...probe},
    ...{scheme: title, recipe: "", stage: "", histogram: []},
    ...{underflow_e4m3fn: underflow.e4m3fn, overflow_e4m3fn: Number.NaN},
    ...{underflow_e5m2: underflow.e5m2, overflow_e5m2: Number.NaN},
    ...{underflow_fp16: underflow.fp16, overflow_fp16: Number.NaN},
    lostInCast: casts.length > 0 ? Math.max(...casts.map((cast) => cast.underflow)) : null,
  }));

/** Share of the values that are not zero and become zero; null where nothing is cast. */
export const shareLost = (row: LabRow, lossIn: LossIn): number | null =>
  lossIn === "recipe" ? row.lostInCast : row[`underflow_${lossIn}`];
