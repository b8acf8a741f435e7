import type {SlimProbe} from "../src/training/paced-run.js";
import type {LabRun} from "./lab-bench.js";
import type {VarianceRow} from "./variance-row.js";

/** The steps at which any of the runs was probed, in their order. */
export const probedSteps = (runs: readonly Pick<LabRun, "probes">[]): number[] =>
  [...new Set(runs.flatMap(({probes}) => probes.map(({step}) => step)))].sort((a, b) => a - b);

/** The last probed step of a run that is not after `at`; null asks for the last of all. */
export const probedStep = (run: Pick<LabRun, "probes">, at: number | null): number | undefined =>
  probedSteps([run])
    .filter((step) => at === null || step <= at)
    .at(-1);

/** Probes as rows of the variance chart, where the title of the run stands for the scheme. */
export const probeRows = (title: string, probes: readonly SlimProbe[]): VarianceRow[] =>
  probes.map(({underflow, overflow, ...probe}) => ({
    ...probe,
    ...{scheme: title, recipe: "", stage: "", histogram: []},
    underflow_e4m3fn: underflow.e4m3fn,
    overflow_e4m3fn: overflow.e4m3fn,
    underflow_e5m2: underflow.e5m2,
    overflow_e5m2: overflow.e5m2,
    underflow_fp16: underflow.fp16,
    overflow_fp16: overflow.fp16,
  }));
