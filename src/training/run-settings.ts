/**
 * Everything that decides a pretraining run, as one flat record. Two runs with equal settings and the same engine
 * give the same bits. `run-settings-schema.ts` validates loose input into this type.
 */
export interface RunSettings {
  /** How values are scaled: `standard` or `unit`. */
  readonly scheme: string;
  /** How values are rounded: `fp32`, `bf16`, `fp16`, `fp8` or `fp8-scaled`. */
  readonly recipe: string;

  /** Number of transformer blocks. */
  readonly layers: number;
  /** Residual width. */
  readonly width: number;
  /** Attention heads; must divide `width`. */
  readonly heads: number;
  /** Tokens in one sequence. */
  readonly context: number;
  /** Weight τ of each residual branch under `unit`: x ← √(1−τ)·x + √τ·f(x). */
  readonly residualWeight: number;

  /** A declared corpus (`markov`, `shakespeare`), a file, or an http(s) address. */
  readonly corpus: string;
  /**
   * SHA-256 of the corpus, so that settings alone decide a run: of its bytes, or of the parameters of a generated one.
   * Parsing fills it in for declared corpora and files; an address needs it.
   */
  readonly corpusChecksum: string;
  /** `character` (the distinct characters of the corpus) or `byte` (all 256). */
  readonly vocabulary: "character" | "byte";

  /** Sequences in one batch. */
  readonly batch: number;
  /** Optimizer steps. */
  readonly steps: number;
  /** Peak learning rate. */
  readonly learningRate: number;
  /** Steps of linear warm-up; a tenth of the steps by default. */
  readonly warmup: number;
  /** Learning rate at the end, as a share of the peak (cosine decay). */
  readonly finalLearningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled weight decay of AdamW, on matrices only. */
  readonly weightDecay: number;
  readonly seed: number;

  /** Held-out loss is measured every so many steps, and at the end; 0 means only at the end. */
  readonly evaluateEvery: number;
  /** Batches per held-out measurement. */
  readonly evaluationBatches: number;
  /** Whether every tensor is probed at initialization and after training. */
  readonly probe: boolean;
}
