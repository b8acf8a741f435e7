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

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}
