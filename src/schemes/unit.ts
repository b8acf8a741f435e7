import type {Scheme} from "../nn/scheme.js";
import {activationFactors} from "./activation-factors.js";
import {type Constraint, constrain} from "./constraint.js";
import {unitRecurrent} from "./recurrent-factors.js";
import {type ResidualRule, residualScale} from "./residual-rule.js";
import {unitEmbedding, unitWeightGradient} from "./unit-tables.js";

export interface UnitOptions {
  readonly residual: ResidualRule;
  /** τ of the residual rule `fixed`. */
  readonly residualWeight: number;
  readonly constraint: Constraint;
}

/**
 * Unit scaling (Blake, Orr & Luschi 2023, arXiv 2303.11257): every tensor starts with spread 1, by constants in the
 * graph. Edges inside a residual branch are not cut-edges, so there the factor of the input gradient equals that of the
 * output, the geometric mean of the two ideal ones unless another constraint is asked for (section 4 and table A.2);
 * weights, tables and the input of the head are cut-edges, and their gradients have factors of their own.
 */
export const unit = ({residual, residualWeight, constraint}: UnitOptions): Scheme => ({
  name: "unit",
  normPlacement: "pre",
  embedding: (shape) => ({...unitEmbedding(shape), learningRate: 1}),
  // The input of the head is a cut-edge, and so are the constants from which vectors for distances come.
  linear: (role, {fanIn, fanOut}, shape) => ({
    initialSpread: 1,
    ...constrain(role === "head" || role === "distances" ? "none" : constraint, {
      output: fanIn,
      inputGradient: fanOut,
    }),
    weightGradient: unitWeightGradient(role, shape),
    learningRate: 1,
  }),
  // Square roots of probabilities keep the variance, whatever the probabilities.
  attention: ({width, heads, context, softmax}) => ({
    logits: 1 / Math.sqrt(width / heads),
    output: softmax === "square-root" ? 1 : 1 / Math.sqrt(meanFlatAttentionVariance(context)),
    multiplier: 1,
  }),
  activation: (name) => {
    const {output, inputGradient} = activationFactors[name];
    const variances = {output: 1 / (output * output), inputGradient: 1 / (inputGradient * inputGradient)};
    return {...constrain(constraint, variances), multiplier: 1};
  },
  recurrent: unitRecurrent,
  norm: ({batch, context}, rowsPerToken = 1) => ({
    parameterGradient: 1 / Math.sqrt(batch * context * rowsPerToken),
  }),
  residual: (_, branch) => residualScale(residual, residualWeight, branch),
  // The gradient of the sum of the losses, over the spread of softmax − onehot for equal probabilities.
  lossGradient: ({vocabulary}) => vocabulary / Math.sqrt(vocabulary - 1),
  // A step of an Adam-like optimizer moves every element alike, whatever the fan-in: √width restores the balance
  // between vectors and matrices that a spread of 1 upsets (the authors' `scale_vector_learning_rate`).
  vectorLearningRate: ({width}) => 1 / Math.sqrt(width),
});

/**
 * Variance of causal attention with equal probabilities over independent values of variance 1, as a mean over positions:
 * position k averages k values, so it is (1/s) Σ 1/k. u-µP (arXiv 2407.17465) approximates the same sum by ln(s)/s.
 */
function meanFlatAttentionVariance(context: number): number {
  let sum = 0;
  for (let k = 1; k <= context; k++) sum += 1 / k;
  return sum / context;
}
