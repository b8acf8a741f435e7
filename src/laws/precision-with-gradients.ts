import {chinchillaDerived} from "./chinchilla.js";
import type {Law} from "./law.js";
import {activations, cache, gradients, jointBits, precisionForm, weights} from "./precision.js";
import {ownForm} from "./source.js";

const operands = [weights, activations, cache, gradients];

export const precisionWithGradients: Law = {
  name: "precision-with-gradients",
  title: "Precision law with gradients, our extension",
  formula: "L = A/N_eff^α + B/D^β + E, N_eff = N·∏(1 - exp(-P_x/γ_x + n_x)), x = w, a, kv, g",
  tex: String.raw`L = \frac{A}{N_\text{eff}^\alpha} + \frac{B}{D^\beta} + E,\quad N_\text{eff} = N \prod_{x \in \{w, a, kv, g\}} \left(1 - e^{-P_x/\gamma_x + n_x}\right)`,
  source: {...ownForm, where: "the form of arXiv 2411.04330 with a fourth factor"},
  own: true,
  ...precisionForm(operands, true),
  published: [],
  derived: [...chinchillaDerived, jointBits(operands, true)],
};
