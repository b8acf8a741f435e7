/**
 * What the size of an optimizer's step depends on. `adam`: on the learning rate alone, since gradients are divided by
 * their own size or reduced to their signs. `sgd`: on the size of the gradient, too. `trust-ratio`: on the size of the
 * weights.
 */
export type OptimizerKind = "adam" | "sgd" | "trust-ratio";

export const optimizerKinds = {
  adamw: "adam",
  adam: "adam",
  lion: "adam",
  sgd: "sgd",
  lamb: "trust-ratio",
} as const satisfies Record<string, OptimizerKind>;

/**
 * Multipliers of the learning rate by which a scheme carries it from one size to another: of the embedding tables, of
 * the matrices inside the blocks, of the head, and of gains and biases.
 */
export interface LearningRates {
  readonly embedding: number;
  readonly hidden: number;
  readonly head: number;
  readonly vector: number;
}
