import type {Scheme} from "../nn/scheme.js";
import {activationFactors} from "./activation-factors.js";
import {type Constraint, constrain} from "./constraint.js";
import {type ResidualRule, residualScale} from "./residual-rule.js";

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
  // Two summands with Σw² = 1. A table row collects b/V (tokens) or B (positions) gradients of spread 1.
  embedding: ({batch, context, vocabulary, positions}) => ({
    initialSpread: 1,
    token: positions === "learned" ? Math.SQRT1_2 : 1,
    position: Math.SQRT1_2,
    tokenGradient: Math.sqrt(vocabulary / (batch * context)),
    positionGradient: 1 / Math.sqrt(batch),
    learningRate: 1,
  }),
  // The input of the head is a cut-edge, and so are the constants from which vectors for distances come.
  linear: (role, {fanIn, fanOut}, {batch, context}) => ({
    initialSpread: 1,
    ...constrain(role === "head" || role === "distances" ? "none" : constraint, {
      output: fanIn,
      inputGradient: fanOut,
    }),
    weightGradient: 1 / Math.sqrt(role === "distances" ? context : batch * context),
    learningRate: 1,
  }),
  // Square roots of probabilities keep the variance, whatever the probabilities.
  attention: ({width, heads, context, softmax}) => ({
    logits: 1 / Math.sqrt(width / heads),
    output: softmax === "square-root" ? 1 : 1 / Math.sqrt(meanFlatAttentionVariance(context)),
  }),
  activation: (name) => {
    const {output, inputGradient} = activationFactors[name];
    const variances = {output: 1 / (output * output), inputGradient: 1 / (inputGradient * inputGradient)};
    return {...constrain(constraint, variances), multiplier: 1};
  },
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
