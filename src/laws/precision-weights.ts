import {chinchillaDerived} from "./chinchilla.js";
import type {Law} from "./law.js";
import {jointBits, kumarBase, kumarDomain, kumarOperands, precisionForm, weights} from "./precision.js";
import {kumar2024} from "./source.js";

const {parameters, tokens, weightBits} = kumarDomain;
const {gamma_w, n_w} = kumarOperands;

/** The form that the alternatives in (N, D, P_w) are compared with. */
export const precisionWeights: Law = {
  name: "precision-weights",
  title: "Precision law, weights alone (N_eff)",
  formula: "L = A/N_eff^α + B/D^β + E, N_eff = N·(1 - exp(-P_w/γ_w + n_w))",
  tex: String.raw`L = \frac{A}{N_\text{eff}^\alpha} + \frac{B}{D^\beta} + E,\quad N_\text{eff} = N \left(1 - e^{-P_w/\gamma_w + n_w}\right)`,
  source: {...kumar2024, where: "comparison of forms, held-out R² 0.82"},
  own: false,
  ...precisionForm([weights], true),
  tied: [["alpha", "beta"]],
  published: [
    {
      name: "Kumar",
      values: {...kumarBase, gamma_w, n_w},
      domain: {parameters, tokens, weightBits},
      source: {...kumar2024, where: "table 2"},
    },
  ],
  derived: [...chinchillaDerived, jointBits([weights], true)],
};
