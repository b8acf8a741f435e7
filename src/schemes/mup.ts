import type {Scheme} from "../nn/scheme.js";
import type {LearningRates, OptimizerKind} from "./optimizer-kind.js";
import {type StandardOptions, standard} from "./standard.js";

export interface MupOptions extends StandardOptions {
  /** Width at which initial spread and learning rate were tuned. */
  readonly baseWidth: number;
  readonly optimizer: OptimizerKind;
  /** Of the logits of attention, on top of 1/d; the root of the head size at the base width gives the usual 1/√d there. */
  readonly attentionMultiplier: number;
}

/**
 * µP, the maximal update parametrization (Yang and others 2022, arXiv 2203.03466, table 8): the standard one at the base
 * width; at n times that width, hidden matrices start with a spread that is smaller by √n, the head multiplies by 1/n,
 * the logits of attention go with 1/d instead of 1/√d, and learning rates follow the table below.
 */
export const mup = ({baseWidth, optimizer, attentionMultiplier, ...options}: MupOptions): Scheme => {
  const base = standard(options);
  return {
    ...base,
    name: "mup",
    embedding: (shape) => ({
      ...base.embedding(shape),
      learningRate: learningRates[optimizer](shape.width / baseWidth).embedding,
    }),
    linear: (role, size, shape) => {
      const n = shape.width / baseWidth;
      const {embedding, hidden, head} = learningRates[optimizer](n);
      const scale = base.linear(role, size, shape);
      // From equally many constants at every width, as if from a table.
      if (role === "distances") return {...scale, learningRate: embedding};
      if (role === "head") {
        const factors = {output: 1 / n, inputGradient: 1 / n, weightGradient: 1 / n};
        return {...scale, ...factors, learningRate: head};
      }
      return {...scale, initialSpread: scale.initialSpread / Math.sqrt(n), learningRate: hidden};
    },
    attention: ({width, heads}) => ({
      logits: (attentionMultiplier * heads) / width,
      output: 1,
      multiplier: attentionMultiplier,
    }),
    vectorLearningRate: ({width}) => learningRates[optimizer](width / baseWidth).vector,
  };
};

/**
 * At n times the base width. A trust ratio makes steps relative to the weights, whose spread in hidden matrices already
 * goes with n^(−1/2); the rest of Adam's 1/n is left to the learning rate.
 */
const learningRates: Readonly<Record<OptimizerKind, (n: number) => LearningRates>> = {
  adam: (n) => ({embedding: 1, hidden: 1 / n, head: 1, vector: 1}),
  sgd: (n) => ({embedding: n, hidden: 1, head: n, vector: n}),
  "trust-ratio": (n) => ({embedding: 1, hidden: 1 / Math.sqrt(n), head: 1, vector: 1}),
};
