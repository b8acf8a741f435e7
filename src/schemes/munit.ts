import type {Scheme} from "../nn/scheme.js";
import type {LearningRates, OptimizerKind} from "./optimizer-kind.js";
import {type ResidualRule, residualScale} from "./residual-rule.js";

export interface MunitOptions {
  readonly residual: ResidualRule;
  /** τ of the residual rule `fixed`. */
  readonly residualWeight: number;
  /** Width at which the learning rate was tuned. */
  readonly baseWidth: number;
  readonly optimizer: OptimizerKind;
}

/**
 * µnit scaling (Narayan and others 2025, arXiv 2502.05967, table 2): every weight starts with spread 1, hidden layers
 * multiply by fan-in^(−1/2) on all passes and the head by 1/fan-in; the learning rate of hidden layers goes with
 * √(baseWidth / width). Norms stand at the ends of the residual branches. Three things are ours, since the paper's model
 * has no learned positions and leaves it open how gradients enter: token and position are added with weights √½, the
 * gradient of the logits has spread 1, as under unit scaling, and so has that of the head's input, which is a cut-edge.
 */
export const munit = ({residual, residualWeight, baseWidth, optimizer}: MunitOptions): Scheme => {
  const rates = (width: number) => learningRates[optimizer](width / baseWidth);
  return {
    name: "munit",
    normPlacement: "res-post",
    embedding: ({width, positions, tiedHead}) => {
      const token = positions === "learned" ? Math.SQRT1_2 : 1;
      return {
        initialSpread: 1,
        token,
        position: Math.SQRT1_2,
        tokenGradient: tiedHead ? token : 1,
        positionGradient: 1,
        learningRate: rates(width).embedding,
      };
    },
    linear: (role, {fanIn, fanOut}, {width, tiedHead}) => {
      if (role === "head") {
        const inputGradient = 1 / Math.sqrt(fanOut);
        // The weight of a tied head is the embedding, which must get both its gradients to the same measure.
        const weightGradient = tiedHead ? inputGradient : 1 / fanIn;
        const factors = {output: 1 / fanIn, inputGradient, weightGradient};
        return {initialSpread: 1, ...factors, learningRate: rates(width).head};
      }
      // Vectors for distances come from equally many constants at every width, as if from a table.
      const factor = 1 / Math.sqrt(fanIn);
      const factors = {output: factor, inputGradient: factor, weightGradient: factor};
      return {
        initialSpread: 1,
        ...factors,
        learningRate: rates(width)[role === "distances" ? "embedding" : "hidden"],
      };
    },
    attention: ({width, heads}) => ({logits: 1 / Math.sqrt(width / heads), output: 1, multiplier: 1}),
    activation: () => ({output: 1, inputGradient: 1, multiplier: 1}),
    recurrent: () => ({output: 1, biasGradient: 1, initialStateGradient: 1}),
    norm: () => ({parameterGradient: 1}),
    residual: (_, branch) => residualScale(residual, residualWeight, branch),
    lossGradient: ({vocabulary}) => vocabulary / Math.sqrt(vocabulary - 1),
    vectorLearningRate: ({width}) => rates(width).vector,
  };
};

/**
 * At n times the base width: the paper's table for Adam-like optimizers, Lion among them. With a trust ratio, steps of
 * weights of spread 1 are of the same size as Adam's. Those of SGD follow the gradients, whose factors go with n^(−1/2)
 * in hidden layers, as their steps should, and with 1/n in the head, whose steps should not depend on n.
 */
const learningRates: Readonly<Record<OptimizerKind, (n: number) => LearningRates>> = {
  adam: (n) => ({embedding: 1, hidden: 1 / Math.sqrt(n), head: 1, vector: 1}),
  sgd: (n) => ({embedding: 1, hidden: 1, head: n, vector: 1}),
  "trust-ratio": (n) => ({embedding: 1, hidden: 1 / Math.sqrt(n), head: 1, vector: 1}),
};
