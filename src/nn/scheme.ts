import type {ModelShape} from "./model-shape.js";
import type {AttentionScale} from "./ops/attention.js";
import type {EmbeddingScale} from "./ops/embedding.js";
import type {LinearScale} from "./ops/linear.js";
import type {ResidualScale} from "./ops/residual.js";

/** The linear layers of a model; the first four are inside residual branches. */
export type LinearRole = "qkv" | "attention output" | "mlp up" | "mlp down" | "head";

/**
 * How values are scaled: the spread of the initial weights and every constant in the graph, forward and backward.
 * A scheme knows nothing of rounding.
 */
export interface Scheme {
  readonly name: string;
  embedding(shape: ModelShape): EmbeddingScale & {readonly initialSpread: number};
  linear(
    role: LinearRole,
    size: {readonly fanIn: number; readonly fanOut: number},
    shape: ModelShape,
  ): LinearScale & {readonly initialSpread: number};
  attention(shape: ModelShape): AttentionScale;
  /** Multiplier of GELU on both passes. */
  readonly gelu: number;
  layerNorm(shape: ModelShape): {readonly parameterGradient: number};
  residual(shape: ModelShape): ResidualScale;
  /** Multiplier of softmax − onehot in the gradient of the logits. */
  lossGradient(shape: ModelShape): number;
  /** Multiplier of the learning rate of gains and biases; matrices have 1. */
  vectorLearningRate(shape: ModelShape): number;
}
