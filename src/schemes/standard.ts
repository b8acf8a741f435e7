import type {Scheme} from "../nn/scheme.js";

/** Standard deviation of the initial weights in GPT-2 and nanoGPT, whatever the width. */
const initialSpread = 0.02;

/** The usual parametrization, as in nanoGPT: no constants in the graph, small initial weights, mean loss. */
export const standard: Scheme = {
  name: "standard",
  embedding: () => ({initialSpread, token: 1, position: 1, tokenGradient: 1, positionGradient: 1}),
  linear: (role, _size, {layers}) => ({
    // The projections that write to the residual stream start smaller by the root of their number (GPT-2, section 2.3).
    initialSpread:
      role === "attention output" || role === "mlp down"
        ? initialSpread / Math.sqrt(2 * layers)
        : initialSpread,
    output: 1,
    inputGradient: 1,
    weightGradient: 1,
  }),
  attention: ({width, heads}) => ({logits: 1 / Math.sqrt(width / heads), output: 1}),
  gelu: 1,
  layerNorm: () => ({parameterGradient: 1}),
  residual: () => ({skip: 1, branch: 1}),
  lossGradient: ({batch, context}) => 1 / (batch * context),
  vectorLearningRate: () => 1,
};
