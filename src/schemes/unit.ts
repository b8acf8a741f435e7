import type {ActivationName} from "../nn/ops/activation.js";
import type {Scheme} from "../nn/scheme.js";
import {type ResidualRule, residualScale} from "./residual-rule.js";

/**
 * Unit scaling (Blake, Orr & Luschi 2023, arXiv 2303.11257): every tensor starts with spread 1, by constants in the
 * graph. Edges inside a residual branch are not cut-edges, so there the factor of the input gradient equals that of the
 * output, the geometric mean of the two ideal ones (section 4 and table A.2); weights, tables and the input of the head
 * are cut-edges, and their gradients have factors of their own.
 *
 * @param residualWeight τ of the residual rule `fixed`
 */
export const unit = (residual: ResidualRule, residualWeight: number): Scheme => ({
  name: "unit",
  normPlacement: "pre",
  // Two summands with Σw² = 1. A table row collects b/V (tokens) or B (positions) gradients of spread 1.
  embedding: ({batch, context, vocabulary}) => ({
    initialSpread: 1,
    token: Math.SQRT1_2,
    position: Math.SQRT1_2,
    tokenGradient: Math.sqrt(vocabulary / (batch * context)),
    positionGradient: 1 / Math.sqrt(batch),
  }),
  linear: (role, {fanIn, fanOut}, {batch, context}) => {
    const constrained = 1 / Math.sqrt(Math.sqrt(fanIn * fanOut));
    const isCutEdge = role === "head";
    return {
      initialSpread: 1,
      output: isCutEdge ? 1 / Math.sqrt(fanIn) : constrained,
      inputGradient: isCutEdge ? 1 / Math.sqrt(fanOut) : constrained,
      weightGradient: 1 / Math.sqrt(batch * context),
      learningRate: 1,
    };
  },
  attention: ({width, heads, context}) => ({
    logits: 1 / Math.sqrt(width / heads),
    output: 1 / Math.sqrt(meanFlatAttentionVariance(context)),
  }),
  activation: (name) => Math.sqrt(activationFactors[name].output * activationFactors[name].inputGradient),
  layerNorm: ({batch, context}) => ({parameterGradient: 1 / Math.sqrt(batch * context)}),
  residual: (_, branch) => residualScale(residual, residualWeight, branch),
  // The gradient of the sum of the losses, over the spread of softmax − onehot for equal probabilities.
  lossGradient: ({vocabulary}) => vocabulary / Math.sqrt(vocabulary - 1),
  // A step of an Adam-like optimizer moves every element alike, whatever the fan-in: √width restores the balance
  // between vectors and matrices that a spread of 1 upsets (the authors' `scale_vector_learning_rate`).
  vectorLearningRate: ({width}) => 1 / Math.sqrt(width),
});

/** Ideal factors for a unit-normal input: 1/σ(f(z)) and 1/rms(f′(z)), by quadrature (table A.2 has GELU and ReLU). */
export const activationFactors: Readonly<
  Record<ActivationName, {readonly output: number; readonly inputGradient: number}>
> = {
  gelu: {output: 1.7009262433634058, inputGradient: 1.4811144127084452},
  relu: {output: Math.sqrt(2 / (1 - 1 / Math.PI)), inputGradient: Math.SQRT2},
  silu: {output: 1.7871872221004432, inputGradient: 1.623320257952498},
};

/**
 * Variance of causal attention with equal probabilities over independent values of variance 1, as a mean over positions:
 * position k averages k values, so it is (1/s) Σ 1/k. u-µP (arXiv 2407.17465) approximates the same sum by ln(s)/s.
 */
function meanFlatAttentionVariance(context: number): number {
  let sum = 0;
  for (let k = 1; k <= context; k++) sum += 1 / k;
  return sum / context;
}
