/**
 * Everything that decides a pretraining run, as one flat record. Two runs with equal settings and the same engine
 * give the same bits. `run-settings-schema.ts` validates loose input into this type.
 */
export interface RunSettings {
  /** How values are scaled: `standard`, `mup`, `unit`, `unit-mup` or `munit`. */
  readonly scheme: string;
  /** How values are rounded: `fp32`, `fp8-delayed`, `mxfp4`, `int8`, … (see `recipeNames`), or any `intN`. */
  readonly recipe: string;
  /** What stands in place of the recipe's own parts; the second cast of x and of W may be `forward`, the first again. */
  readonly forwardActivation: RecipePart;
  readonly forwardWeight: RecipePart;
  readonly inputGradientGradient: RecipePart;
  readonly inputGradientWeight: RecipePart;
  readonly weightGradientActivation: RecipePart;
  readonly weightGradientGradient: RecipePart;
  /** Operands of attention; keys and values are the KV cache. */
  readonly query: RecipePart;
  readonly key: RecipePart;
  readonly value: RecipePart;
  readonly probabilities: RecipePart;
  readonly attentionGradient: RecipePart;
  readonly normOutput: RecipePart;
  readonly softmaxOutput: RecipePart;
  /** What multiplies in linear layers: `recipe`, `fp32`, `exact`, or a matrix unit: `h100-wgmma promotion=128`. */
  readonly forwardUnit: string;
  readonly inputGradientUnit: string;
  readonly weightGradientUnit: string;
  /** Linear layers with another recipe: `head=fp32, first=bf16, block 2 mlp down=fp32, * qkv=mxfp8`; later ones count. */
  readonly layerRecipes: string;
  /**
   * Gradients pass casts unchanged (`plain`), or stop at inputs and weights that lie beyond the format in the forward product
   * (`clipped`), in linear layers, convolutions and recurrent cells. They always pass the casts of attention (queries, keys,
   * values, probabilities), of what norms and softmax give, and of stored weights.
   */
  readonly straightThrough: "recipe" | "plain" | "clipped";
  /** Multiplies the gradient of the loss: `recipe`, `none`, a number, or `dynamic`. */
  readonly lossScale: "recipe" | "none" | "dynamic" | number;

  /** Number of transformer blocks. */
  readonly layers: number;
  /** Residual width. */
  readonly width: number;
  /** What mixes positions: `attention`, a causal `convolution`, or a `recurrent` highway cell. */
  readonly sequenceLayer: "attention" | "convolution" | "recurrent";
  /** Attention heads; must divide `width`. */
  readonly heads: number;
  /** Positions that a convolution sees, the present one included. */
  readonly kernelSize: number;
  /** Groups of channels that a convolution keeps apart; must divide `width`. */
  readonly groups: number;
  /** Tokens in one sequence. */
  readonly context: number;
  /**
   * Between the two layers of the feed-forward part: `gelu`, `relu`, `silu` or the gated `swiglu`, whose hidden width is
   * two thirds of the others'. Also behind a convolution, with `silu` for `swiglu`.
   */
  readonly activation: "gelu" | "relu" | "silu" | "swiglu";
  /** `layer` (mean and spread, gain and bias) or `rms` (root mean square, gain). */
  readonly norm: "layer" | "rms";
  /** Where the norms of a block stand: `pre`, `res-post`, `post` or `none`; `default` as the scheme was made. */
  readonly normPlacement: "default" | "pre" | "res-post" | "post" | "none";
  /** Whether the head has the token embedding for its weight. */
  readonly tiedHead: boolean;
  /** How branches are added: `sum`, `fixed` or `running-mean`; `default` is `sum` under `standard`, else `fixed`. */
  readonly residual: "default" | "sum" | "fixed" | "running-mean";
  /** Weight τ of each residual branch under the rule `fixed`: x ← √(1−τ)·x + √τ·f(x). */
  readonly residualWeight: number;
  /** Multiplier of q·k: `inverse-root` (1/√d of the head size), `inverse` (1/d); `default` as the scheme was made. */
  readonly attentionLogits: "default" | "inverse-root" | "inverse";
  /** Weights of attention: `plain` probabilities, or their `square-root`. */
  readonly softmax: "plain" | "square-root";
  /** Whether queries and keys are normalized, each head's alike, before their product. */
  readonly queryKeyNorm: boolean;
  /**
   * How attention knows of positions: `learned` (a table, added to the tokens'), `relative` (sinusoids of the distance)
   * or `rotary` (queries and keys turned by their position).
   */
  readonly positions: "learned" | "relative" | "rotary";
  /** Width at which the learning rate of `munit` or `mup` was tuned; at other widths it follows from there. */
  readonly baseWidth: number;
  /** Standard deviation of the initial weights of `standard`, and of `mup` at its base width. */
  readonly initialSpread: number;
  /**
   * How `unit` and `unit-mup` make the factors of output and input gradient equal inside residual branches:
   * `geometric-mean`, `harmonic-mean`, `arithmetic-mean`, `to-output`, `to-input-gradient` or `none`; `default` is the
   * first of these for `unit` and `to-output` for `unit-mup`.
   */
  readonly constraint:
    | "default"
    | "geometric-mean"
    | "harmonic-mean"
    | "arithmetic-mean"
    | "to-output"
    | "to-input-gradient"
    | "none";
  /** Of the input of the activation function, under `unit-mup`. */
  readonly activationMultiplier: number;
  /** Of the logits of attention on top of 1/d, or of what `attentionLogits` asks for, under `unit-mup` and `mup`. */
  readonly attentionMultiplier: number;
  /** Contribution of all residual branches relative to the embedding's, under `unit-mup`. */
  readonly residualMultiplier: number;
  /** Contribution of attention branches relative to feed-forward branches, under `unit-mup`. */
  readonly residualAttentionRatio: number;
  /** Of the logits in the loss, under `unit-mup`. */
  readonly lossMultiplier: number;

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
  /** `adamw`, `adam`, `sgd` (with momentum), `lion` or `lamb`. */
  readonly optimizer: "adamw" | "adam" | "sgd" | "lion" | "lamb";
  /** Optimizer steps. */
  readonly steps: number;
  /** Peak learning rate. */
  readonly learningRate: number;
  /** Steps of linear warm-up; a tenth of the steps by default. */
  readonly warmup: number;
  /** How the learning rate goes on after the warm-up: `cosine`, `linear`, `constant` or `warmup-stable-decay`. */
  readonly schedule: "cosine" | "linear" | "constant" | "warmup-stable-decay";
  /** Learning rate at the end, as a share of the peak; not used by `constant`. */
  readonly finalLearningRate: number;
  /** Steps of the fall at the end under `warmup-stable-decay`; a fifth of the steps by default. */
  readonly decaySteps: number;
  /** Momentum of `sgd`. */
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /**
   * Weight decay on matrices: apart from the gradient in AdamW, Lion and LAMB, a part of it in Adam and SGD. It does not
   * go with a scheme's multipliers of the learning rate.
   */
  readonly weightDecay: number;
  /** Whether weight decay is multiplied by the learning rate (`coupled`) or by its share of the peak (`independent`). */
  readonly weightDecayRule: "coupled" | "independent";
  /**
   * How the weights are stored from step to step, as a cast text: `fp32`, `bf16 stochastic`, `fp16 tensor`. They are
   * updated in float32 and rounded once.
   */
  readonly masterWeights: string;
  /** How the first moment of AdamW, Adam and LAMB is stored: `bf16`, `dynamic8 block:1x256`, `e4m3fn tensor`. */
  readonly firstMoment: string;
  /** How their second moment is stored: `bf16`, `udynamic8`, `e5m2 tensor`. */
  readonly secondMoment: string;
  /** How the momentum of SGD and Lion is stored. */
  readonly momentumState: string;
  /** Largest norm of all gradients together, which are scaled down to it; 0 leaves them as they are. */
  readonly clipNorm: number;
  readonly seed: number;

  /** Held-out loss is measured every so many steps, and at the end; 0 means only at the end. */
  readonly evaluateEvery: number;
  /** Batches per held-out measurement. */
  readonly evaluationBatches: number;
  /** Whether every tensor is probed at initialization and after training. */
  readonly probe: boolean;
  /** Every tensor is probed at initialization and after every so many steps; 0 means never. */
  readonly probeEvery: number;
  /**
   * Casts with which the weights of all linear layers in the blocks are quantized once the run is done, to measure the
   * held-out loss with each: `int4 row; gptq int4 row; int2..int8 row`, see `parsePostTraining`. They change nothing else.
   */
  readonly postTraining: string;
}

/** `recipe` for the recipe's own part, or a cast as `parseCast` reads it: `e4m3fn tensor`, `mxfp4 stochastic`. */
type RecipePart = string;
