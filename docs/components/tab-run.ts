import type {MarkovDeclaration} from "../src/training/corpora/markov.js";
import type {RunRecord} from "../src/training/run-record.js";

/** The recorded run that the reader can repeat in the tab: `loaders/tab.json`. */
export interface TabRun
  extends Pick<
    RunRecord,
    | "id"
    | "engine"
    | "settings"
    | "parameters"
    | "weightHash"
    | "trainingLoss"
    | "finalHeldOutLoss"
    | "timing"
  > {
  readonly corpus: MarkovDeclaration;
}

/** What of a recorded run is needed to repeat it and to compare. */
export interface RepeatableRun
  extends Pick<TabRun, "id" | "engine" | "settings" | "parameters" | "weightHash" | "corpus"> {
  /** Its training loss. */
  readonly curve: readonly LossPoint[];
}

/** The loss of every step as a curve. */
export const lossCurve = (losses: readonly number[]): LossPoint[] =>
  losses.map((loss, i) => ({step: i + 1, loss}));

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}
