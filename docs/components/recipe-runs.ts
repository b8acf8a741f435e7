/** One run of the page on recipes. */
export interface RecipeRun {
  readonly id: string;
  readonly scheme: string;
  readonly recipe: string;
  readonly seed: number;
  readonly learningRate: number;
  /** Held-out loss after the last step in nats per token; null where the run diverged. */
  readonly loss: number | null;
  /** When and why the run ended early, if it did. */
  readonly diverged: {readonly step: number; readonly reason: string} | null;
  /** Whether its tensors were looked at while it trained. */
  readonly probed: boolean;
}

/** What `loaders/recipe-runs.json` holds: the model that all runs share, and of each run how it ended. */
export interface RecipeRuns {
  readonly model: {
    readonly layers: number;
    readonly width: number;
    readonly heads: number;
    readonly context: number;
    readonly batch: number;
    readonly steps: number;
    readonly optimizer: string;
    readonly corpus: string;
    /** Steps from one look at all tensors to the next. */
    readonly probeEvery: number;
    readonly parameters: number;
    /** Entropy rate of the corpus in nats per token; null where it is not known. */
    readonly floor: number | null;
  };
  readonly engines: readonly string[];
  readonly runs: readonly RecipeRun[];
}
