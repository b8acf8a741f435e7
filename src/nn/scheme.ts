import type {ModelShape, NormPlacement} from "./model-shape.js";
import type {ActivationName, ActivationScale} from "./ops/activation.js";
import type {AttentionScale} from "./ops/attention.js";
import type {EmbeddingScale} from "./ops/embedding.js";
import type {LinearScale} from "./ops/linear.js";
import type {RecurrentScale} from "./ops/recurrent.js";
import type {ResidualScale} from "./ops/residual.js";

/**
 * The linear layers of a model; all but the head are inside residual branches, which `attention output`, `convolution`
 * and `mlp down` end; `distances` stands beside the stream. A convolution counts the channels of one group times the
 * kernel size as fan-in and fan-out, and both products of the recurrent cell count the input and the state together as
 * fan-in, and both gates as fan-out.
 */
export type LinearRole =
  | "qkv"
  | "distances"
  | "attention output"
  | "convolution"
  | "recurrent input"
  | "recurrent state"
  | "mlp up"
  | "mlp down"
  | "head";

/**
 * How values are scaled: the spread of the initial weights and every constant in the graph, forward and backward.
 * A scheme knows nothing of rounding.
 */
export interface Scheme {
  readonly name: string;
  /** Where the scheme was made to have the norms, unless settings say otherwise. */
  readonly normPlacement: NormPlacement;
  embedding(
    shape: ModelShape,
  ): EmbeddingScale & {readonly initialSpread: number; readonly learningRate: number};
  linear(
    role: LinearRole,
    size: {readonly fanIn: number; readonly fanOut: number},
    shape: ModelShape,
  ): LinearScale & {readonly initialSpread: number; readonly learningRate: number};
  /** With logits as the scheme was made, whatever the shape asks for; `multiplier` is in these, and for any others. */
  attention(shape: ModelShape): AttentionScale & {readonly multiplier: number};
  activation(name: ActivationName): ActivationScale;
  recurrent(shape: ModelShape): RecurrentScale;
  /** @param rowsPerToken of the normalized matrix: one, or as many as heads */
  norm(shape: ModelShape, rowsPerToken?: number): {readonly parameterGradient: number};
  /** @param branch number of the residual branch from 1, two to a block */
  residual(shape: ModelShape, branch: number): ResidualScale;
  /** Multiplier of softmax − onehot in the gradient of the logits. */
  lossGradient(shape: ModelShape): number;
  /** Multiplier of the learning rate of gains and biases, in a block or after the last one. */
  vectorLearningRate(shape: ModelShape, place: {readonly inBlock: boolean}): number;
}
