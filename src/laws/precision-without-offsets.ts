import {chinchillaDerived} from "./chinchilla.js";
import type {Law} from "./law.js";
import {
  activations,
  cache,
  jointBits,
  kumarBase,
  kumarDomain,
  kumarOperands,
  precisionForm,
  weights,
} from "./precision.js";
import {kumar2024} from "./source.js";

const {gamma_w, gamma_a, gamma_kv} = kumarOperands;

export const precisionWithoutOffsets: Law = {
  name: "precision-without-offsets",
  title: "Precision law as printed, without offsets",
  formula: "L = A/N_eff^α + B/D^β + E, N_eff = N·∏(1 - exp(-P_x/γ_x)), x = w, a, kv",
  tex: String.raw`L = \frac{A}{N_\text{eff}^\alpha} + \frac{B}{D^\beta} + E,\quad N_\text{eff} = N \prod_{x \in \{w, a, kv\}} \left(1 - e^{-P_x/\gamma_x}\right)`,
  source: {...kumar2024, where: "section 4"},
  own: false,
  ...precisionForm([weights, activations, cache], false),
  tied: [["alpha", "beta"]],
  published: [
    {
      name: "Kumar",
      values: {...kumarBase, gamma_w, gamma_a, gamma_kv},
      domain: kumarDomain,
      source: {...kumar2024, where: "table 2"},
      note: "The constants were fitted together with offsets, which this form leaves out: it gives 3.5 bits as the optimum where the paper says 7 to 8.",
    },
  ],
  derived: [...chinchillaDerived, jointBits([weights, activations, cache], false)],
};
