import type {Scheme} from "../nn/scheme.js";
import {type ResidualRule, residualScale} from "./residual-rule.js";

export interface StandardOptions {
  readonly residual: ResidualRule;
  /** τ of the residual rule `fixed`; the usual rule is `sum`. */
  readonly residualWeight: number;
  /** Standard deviation of the initial weights: 0.02 in GPT-2 and nanoGPT, whatever the width. */
  readonly initialSpread: number;
}

/** The usual parametrization, as in nanoGPT: no constants in the graph, small initial weights, mean loss. */
export const standard = ({residual, residualWeight, initialSpread}: StandardOptions): Scheme => ({
  name: "standard",
  normPlacement: "pre",
  embedding: () => ({
    ...{initialSpread, token: 1, position: 1, tokenGradient: 1, positionGradient: 1, learningRate: 1},
  }),
  linear: (role, _size, {layers}) => ({
    // The projections that write to the residual stream start smaller by the root of their number (GPT-2, section 2.3).
    initialSpread:
      role === "attention output" || role === "convolution" || role === "mlp down"
        ? initialSpread / Math.sqrt(2 * layers)
        : initialSpread,
    output: 1,
    inputGradient: 1,
    weightGradient: 1,
    learningRate: 1,
  }),
  attention: ({width, heads}) => ({logits: 1 / Math.sqrt(width / heads), output: 1, multiplier: 1}),
  activation: () => ({output: 1, inputGradient: 1, multiplier: 1}),
  recurrent: () => ({output: 1, biasGradient: 1, initialStateGradient: 1}),
  norm: () => ({parameterGradient: 1}),
  residual: (_, branch) => ({...residualScale(residual, residualWeight, branch), isDelayed: false}),
  lossGradient: ({batch, context}) => 1 / (batch * context),
  vectorLearningRate: () => 1,
});
