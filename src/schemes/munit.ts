import type {Scheme} from "../nn/scheme.js";
import {type ResidualRule, residualScale} from "./residual-rule.js";

/** Options of schemes that carry a learning rate from one width to another. */
export interface TransferOptions {
  readonly residual: ResidualRule;
  /** τ of the residual rule `fixed`. */
  readonly residualWeight: number;
  /** Width at which the learning rate was tuned. */
  readonly baseWidth: number;
}

/**
 * µnit scaling (Narayan and others 2025, arXiv 2502.05967, table 2): every weight starts with spread 1, hidden layers
 * multiply by fan-in^(−1/2) and the head by 1/fan-in, on all passes; the learning rate of hidden layers goes with
 * √(baseWidth / width). Norms stand at the ends of the residual branches. Two things are ours, since the paper's model
 * has no learned positions and leaves it open how gradients enter: token and position are added with weights √½, and
 * the gradient of the logits has spread 1, as under unit scaling.
 */
export const munit = ({residual, residualWeight, baseWidth}: TransferOptions): Scheme => ({
  name: "munit",
  normPlacement: "res-post",
  embedding: () => ({
    initialSpread: 1,
    token: Math.SQRT1_2,
    position: Math.SQRT1_2,
    tokenGradient: 1,
    positionGradient: 1,
  }),
  linear: (role, {fanIn}, {width}) => {
    const isHead = role === "head";
    const factor = isHead ? 1 / fanIn : 1 / Math.sqrt(fanIn);
    return {
      initialSpread: 1,
      output: factor,
      inputGradient: factor,
      weightGradient: factor,
      learningRate: isHead ? 1 : Math.sqrt(baseWidth / width),
    };
  },
  attention: ({width, heads}) => ({logits: 1 / Math.sqrt(width / heads), output: 1}),
  activation: () => 1,
  layerNorm: () => ({parameterGradient: 1}),
  residual: (_, branch) => residualScale(residual, residualWeight, branch),
  lossGradient: ({vocabulary}) => vocabulary / Math.sqrt(vocabulary - 1),
  vectorLearningRate: () => 1,
});
