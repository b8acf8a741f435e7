import type {LinearProduct, ProbedTensor} from "../nn/program.js";
import type {MemoryPlan} from "./memory-plan.js";
import type {PostTrainingMethod} from "./parse-post-training.js";
import type {RunSettings} from "./run-settings.js";

/** Raised when the meaning of a stored record changes; it is part of a run's id. */
export const recordVersion = 2;

/** Exponents of the histogram bins: bin i counts magnitudes in [2^(i+min), 2^(i+min+1)); the ends collect the rest. */
export const histogramExponents = {min: -40, max: 31} as const;

/**
 * Statistics of one tensor. "activation" is the input of the layer's product (what a recipe casts on the way forward),
 * "activation gradient" the gradient of its output (what a recipe casts on the way back). Values are those before the cast.
 * The embedding has no input; there "activation" is its output.
 */
export interface Probe {
  /** Steps done before: 0 at initialization. The batch is that of the next step. */
  readonly step: number;
  /** Position along the network, from 0. */
  readonly depth: number;
  /** For example `embedding`, `block 1 qkv`, `block 1 attention output`, `block 1 mlp up`, `block 1 mlp down`, `head`. */
  readonly layer: string;
  readonly tensor: ProbedTensor;
  readonly elements: number;
  readonly mean: number;
  /** Standard deviation around zero (root mean square). */
  readonly spread: number;
  /** Largest magnitude. */
  readonly largest: number;
  /** Share of elements that are exactly zero. */
  readonly zeros: number;
  /** Share of elements per exponent, `histogramExponents.min` first; zeros are left out. */
  readonly histogram: readonly number[];
  /** Share of non-zero elements that the cast turns to zero, by format name. */
  readonly underflow: Readonly<Record<string, number>>;
  /** Share of elements that round beyond the largest finite value of the format, by format name. */
  readonly overflow: Readonly<Record<string, number>>;
  /** What the recipe's casts make of the tensor; one that two products share stands under the first of them. */
  readonly casts: readonly CastOutcome[];
  /**
   * Weight gradients only: ‖g‖ / ‖ĝ − g‖ with the gradient ĝ under the recipe and g in float32 throughout, of the same
   * weights and batch. For a noise of variance σ² in each of d components that is the ‖∇L‖ / (σ √d) of Chmiel et al. 2025
   * (arXiv 2505.19115), who find that training stalls below √3; rounding to nearest adds its bias to the noise. Null where
   * nothing is rounded.
   */
  readonly gradientToNoise: number | null;
  /** Weights only: of the update in the step that follows. Null where there is none. */
  readonly updates: SmallUpdates | null;
}

/** What one cast makes of a tensor. */
export interface CastOutcome {
  /** The product whose operand it is. */
  readonly product: LinearProduct;
  /** As in the settings, for example `e4m3fn tensor`. */
  readonly cast: string;
  /** Σx² / Σ(Q(x) − x)², of the finite elements; infinite where nothing is lost. 10 · log₁₀ of it is in decibels. */
  readonly signalToNoise: number;
  /** Share of non-zero elements that become zero. */
  readonly underflow: number;
  /** Share of elements that, scaled, round beyond the largest finite value. */
  readonly overflow: number;
  /** Share of the codes of finite values that occur; null for formats with more than 16 bits or 11 significant ones. */
  readonly codes: number | null;
}

/**
 * Share of weights whose update is below half the distance between neighbouring values at the weight. Rounded to nearest,
 * such an update leaves a weight as it was.
 */
export interface SmallUpdates {
  /** In the format in which the weights are stored from step to step. */
  readonly stored: number | null;
  /** In the format of the cast for the forward product, with its scale; null where there is none. */
  readonly cast: number | null;
}

export interface HeldOutLoss {
  /** Steps done before. */
  readonly step: number;
  /** In nats per token. */
  readonly loss: number;
}

/** What a cast of the weights after training makes of the loss. */
export interface PostTrainingLoss {
  /** As `parseCast` reads it, for example `int4 row`. */
  readonly cast: string;
  readonly method: PostTrainingMethod;
  /** In nats per token, on the same batches as the last held-out loss; not always a finite number. */
  readonly heldOutLoss: number;
}

export interface GradientToNoise {
  /** Steps done before. */
  readonly step: number;
  readonly ratio: number;
}

export interface LossScaling {
  /** What the next step's gradient of the loss would be multiplied by; 1 without loss scaling. */
  readonly scale: number;
  /** Steps that changed nothing because a gradient was not finite. */
  readonly skippedSteps: number;
}

/** The step in which a run was found to have diverged, from 1, and how. */
export interface Divergence {
  readonly step: number;
  readonly reason: string;
}

/** What came of one run; immutable, stored under `id`. */
export interface RunRecord {
  readonly id: string;
  readonly version: typeof recordVersion;
  readonly engine: string;
  readonly settings: RunSettings;
  /** Number of trained parameters. */
  readonly parameters: number;
  readonly memory: MemoryPlan;
  /** Training tokens seen. */
  readonly tokens: number;
  readonly vocabularySize: number;
  /**
   * Training loss in nats per token of each step (mean of the batch before the update). Where it is not a finite number,
   * the run has diverged, and the list ends before it.
   */
  readonly trainingLoss: readonly number[];
  /** Held-out loss in nats per token, with the step after which it was measured. */
  readonly heldOutLoss: readonly HeldOutLoss[];
  /** Mean training loss over the last tenth of the steps; null when the run diverged. */
  readonly finalTrainingLoss: number | null;
  /** The last held-out loss; null when the run diverged. */
  readonly finalHeldOutLoss: number | null;
  /** Entropy rate of the corpus in nats per token, where it is known. */
  readonly floor: number | null;
  /** In the order of the settings; empty where they ask for none, and when the run diverged. */
  readonly postTraining: readonly PostTrainingLoss[];
  /** Why and when the run ended early, if it did; see `divergenceWatch`. */
  readonly diverged: Divergence | null;
  readonly probes: readonly Probe[];
  /** The ratio of `Probe.gradientToNoise`, of all probed weights together, with the steps done before. */
  readonly gradientToNoise: readonly GradientToNoise[];
  readonly lossScaling: LossScaling;
  /** SHA-256 of the final weights, as little-endian float32 in the order of the model's parameters. */
  readonly weightHash: string;
  /** Not part of any hash. */
  readonly timing: {readonly seconds: number; readonly tokensPerSecond: number};
}
