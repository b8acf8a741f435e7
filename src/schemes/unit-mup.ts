import type {ActivationName} from "../nn/ops/activation.js";
import type {ResidualScale} from "../nn/ops/residual.js";
import type {Scheme} from "../nn/scheme.js";
import {activationFactors} from "./activation-factors.js";
import {type Constraint, constrain, type OutputAndInputGradient} from "./constraint.js";
import {logarithmicInterpolation, naturalLogarithm} from "./logarithmic-interpolation.js";
import {unitRecurrent} from "./recurrent-factors.js";
import {type ResidualRule, residualScale} from "./residual-rule.js";
import {unitEmbedding, unitWeightGradient} from "./unit-tables.js";

/** The hyper-parameters of u-µP besides the learning rate; each is 1 unless tuned. */
export interface UnitMupOptions {
  /** Of the input of the activation function: how far from linear it works. */
  readonly activationMultiplier: number;
  /** Of the logits of attention, on top of 1/d. */
  readonly attentionMultiplier: number;
  /** Contribution of all residual branches, relative to the embedding's. */
  readonly residualMultiplier: number;
  /** Contribution of the attention branches, relative to that of the feed-forward branches. */
  readonly residualAttentionRatio: number;
  /** Of the logits in the loss. */
  readonly lossMultiplier: number;
  readonly constraint: Constraint;
  /** `default` is the rule of appendix G, which gives every branch of a kind the same share. */
  readonly residual: ResidualRule | "default";
  /** τ of the residual rule `fixed`. */
  readonly residualWeight: number;
}

/**
 * u-µP (Blake and others 2024, arXiv 2407.17465, tables 2 and 8, and the authors' library): unit scaling with the learning
 * rates of µP. Both passes use the factor of the output; the head multiplies by 1/fan-in; logits of attention go with
 * 1/d. An Adam-like step of spread η in a matrix of fan-in m moves the output by √m·η at most, hence the learning rate
 * m^(−1/2); and each of L blocks moves the stream, hence L^(−1/2). Under SGD the rules are the same, since gradients have
 * spread 1; and under LAMB, since weights have.
 */
export const unitMup = (options: UnitMupOptions): Scheme => ({
  name: "unit-mup",
  normPlacement: "pre",
  // The "fan-in" of a table is its width.
  embedding: (shape) => ({...unitEmbedding(shape), learningRate: 1 / Math.sqrt(shape.width)}),
  linear: (role, {fanIn, fanOut}, shape) => {
    const weightGradient = unitWeightGradient(role, shape);
    if (role === "head") {
      const output = options.lossMultiplier / fanIn;
      return {
        initialSpread: 1,
        output,
        inputGradient: 1 / Math.sqrt(fanOut),
        weightGradient,
        learningRate: 1,
      };
    }
    // The constants from which vectors for distances come are a cut-edge, like the input of the head.
    const constraint = role === "distances" ? "none" : options.constraint;
    const factors = constrain(constraint, {output: fanIn, inputGradient: fanOut});
    return {initialSpread: 1, ...factors, weightGradient, learningRate: 1 / Math.sqrt(fanIn * shape.layers)};
  },
  attention: ({width, heads, context, softmax}) => ({
    logits: (options.attentionMultiplier * heads) / width,
    // Square roots of probabilities keep the variance.
    output:
      softmax === "square-root" ? 1 : attentionFactor(options.attentionMultiplier, width / heads, context),
    multiplier: options.attentionMultiplier,
  }),
  activation: (name) => {
    const multiplier = options.activationMultiplier;
    const {output, inputGradient} = activationModels[name](multiplier);
    const variances = {output: 1 / (output * output), inputGradient: 1 / (inputGradient * inputGradient)};
    return {...constrain(options.constraint, variances), multiplier};
  },
  recurrent: unitRecurrent,
  norm: ({batch, context}, rowsPerToken = 1) => ({
    parameterGradient: 1 / Math.sqrt(batch * context * rowsPerToken),
  }),
  residual: ({layers}, branch) =>
    options.residual === "default"
      ? residualShare(options, 2 * layers, branch - 1)
      : residualScale(options.residual, options.residualWeight, branch),
  // The gradient of the sum of the losses, over the spread of softmax − onehot for equal probabilities.
  lossGradient: ({vocabulary}) => vocabulary / Math.sqrt(vocabulary - 1),
  vectorLearningRate: ({layers}, {inBlock}) => (inBlock ? 1 / Math.sqrt(layers) : 1),
});

const rectified = activationFactors.relu;

/** Factors of f(µ·x)/µ, from 2, that of a function that is linear in x/2, to those of ReLU (the library's empirical models). */
const activationModels: Readonly<Record<ActivationName, (multiplier: number) => OutputAndInputGradient>> = {
  gelu: (multiplier) => {
    const share = 1 / (1 + 0.25 / (multiplier * multiplier));
    return {
      output: logarithmicInterpolation(share, 2, rectified.output),
      inputGradient: logarithmicInterpolation(share, 2, rectified.inputGradient),
    };
  },
  silu: (multiplier) => {
    const share = (weight: number) => 1 / (1 + weight / (multiplier * multiplier));
    return {
      output: logarithmicInterpolation(share(0.25), 2, rectified.output),
      inputGradient: logarithmicInterpolation(share(1), 2, rectified.inputGradient),
    };
  },
  relu: () => rectified,
  swiglu: (multiplier) => {
    const share = 1 / (1 + 1 / (multiplier * multiplier));
    const both = logarithmicInterpolation(share, 2, Math.SQRT2);
    return {output: both, inputGradient: both};
  },
};

/**
 * 1/σ of the output of causal attention over s positions (the library's empirical model): between the mean of s values
 * with equal probabilities, of variance ln(s)/s on average over positions, and one value alone.
 */
function attentionFactor(multiplier: number, headSize: number, context: number): number {
  if (context === 1) return 1;
  const share = 1 / (1 + (4 * headSize) / (multiplier * multiplier));
  const flat = Math.sqrt(naturalLogarithm(context) / context);
  return 1 / logarithmicInterpolation(share, flat, 1);
}

/** Appendix G: τ is the ratio of branch to skip; `index` counts the branches from 0, of which the even ones are attention. */
function residualShare(
  {residualMultiplier, residualAttentionRatio: ratio}: UnitMupOptions,
  branches: number,
  index: number,
): ResidualScale {
  const feedForward = residualMultiplier * Math.sqrt(2 / (1 + ratio * ratio));
  const attention = ratio * feedForward;
  const attentionsBefore = Math.floor((index + 1) / 2);
  const feedForwardsBefore = Math.floor(index / 2);
  const stream =
    branches / 2 + attentionsBefore * attention * attention + feedForwardsBefore * feedForward * feedForward;
  const own = index % 2 === 0 ? attention : feedForward;
  const tau = own / Math.sqrt(stream);
  const skip = 1 / Math.sqrt(1 + tau * tau);
  return {skip, branch: tau * skip, isDelayed: true};
}
