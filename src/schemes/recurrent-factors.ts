import type {ModelShape} from "../nn/model-shape.js";
import type {RecurrentScale} from "../nn/ops/recurrent.js";

/**
 * Spread of the state of a recurrent highway cell, once its start is forgotten, for inputs and weights of spread 1: with
 * v the variance of the state, the gates' inputs z have variance (1 + v)/2, c = tanh(z₁), u = σ(z₂ − 1), and
 * v = E[(1 − u)²]·v + E[u²]·E[c²], taken as independent; by quadrature.
 */
export const stateSpread = 0.24753647246733812;

/** The cell inside a residual branch of unit scaling: the same factor on both passes, since the branch is no cut-edge. */
export const unitRecurrent = ({batch, context}: ModelShape): RecurrentScale => ({
  output: 1 / stateSpread,
  biasGradient: 1 / Math.sqrt(batch * context),
  initialStateGradient: 1 / Math.sqrt(batch),
});
