import {chinchillaDerived} from "./chinchilla.js";
import type {Constant, Law} from "./law.js";
import {degradationConstants, kumarDegradation} from "./post-training.js";
import {
  activations,
  cache,
  jointBits,
  kumarBase,
  kumarDomain,
  kumarOperands,
  operandFactors,
  precisionForm,
  weights,
} from "./precision.js";
import {kumar2024} from "./source.js";

const operands = [weights, activations, cache];
const training = precisionForm(operands, true);
const FIRST = training.constants.length;
const C_X = FIRST + degradationConstants.length;

/** C_x in 1 - exp(-C_x·(P_x - P_post)): how fast a model trained with more bits loses its robustness. */
const robustness = ({suffix, title}: (typeof operands)[number]): Constant => ({
  name: `C_${suffix}`,
  symbol: `C_${suffix}`,
  meaning: `loss of robustness for each bit that ${title} had more in training`,
  lower: 1e-3,
  upper: 50,
  positive: true,
  linear: false,
  starts: [0.2, 1],
});

/** 1 - exp(-C·(P - P_post)), 0 where P is not more. */
const lostRobustness = (C: number, bits: number, postBits: number): number =>
  bits > postBits ? -Math.expm1(-C * (bits - postBits)) : 0;

export const unified: Law = {
  name: "unified",
  title: "Training and post-training precision in one",
  formula:
    "L = A/N_eff^α + B/D^β + E + C_T·exp(-P_post/γ_post + b)·(D^γ_D/N_eff^γ_N)·∏(1 - exp(-C_x·(P_x - P_post)))",
  tex: String.raw`L = \frac{A}{N_\text{eff}^\alpha} + \frac{B}{D^\beta} + E + C_T e^{-P_\text{post}/\gamma_\text{post} + b} \frac{D^{\gamma_D}}{N_\text{eff}^{\gamma_N}} \prod_{x} \left(1 - e^{-C_x (P_x - P_\text{post})}\right)`,
  source: {...kumar2024, where: "section 5"},
  own: false,
  variables: [...training.variables, "postTrainingBits"],
  constants: [...training.constants, ...degradationConstants, ...operands.map(robustness)],
  tied: [["alpha", "beta"]],
  published: [
    {
      name: "Kumar",
      values: {...kumarBase, ...kumarOperands, ...kumarDegradation},
      unpublished: ["C_w", "C_a", "C_kv"],
      domain: {...kumarDomain, postTrainingBits: [3, 6]},
      source: {...kumar2024, where: "table 2"},
      note: "C_w, C_a and C_kv are not published. Where an operand was trained with no more bits than P_post there is nothing left to lose: its factor is held at 0, where the printed one turns negative.",
    },
  ],
  evaluate(constants, inputs, gradient) {
    const loss = training.evaluate(constants, inputs, gradient);
    const postBits = inputs[2 + operands.length];
    const gammaPost = constants[FIRST + 3];
    let effective = inputs[0];
    let robust = 1;
    for (let i = 0; i < operands.length; i++) {
      const bits = inputs[2 + i];
      const own = training.constants.length - 2 * (operands.length - i);
      effective *= 1 - Math.exp(constants[own + 1] - bits / constants[own]);
      robust *= lostRobustness(constants[C_X + i], bits, postBits);
    }
    if (robust === 0) {
      gradient?.fill(0, FIRST);
      return loss;
    }
    const [logEffective, logD] = [Math.log(effective), Math.log(inputs[1])];
    const unscaled =
      robust *
      Math.exp(
        constants[FIRST + 4] -
          postBits / gammaPost +
          constants[FIRST + 1] * logD -
          constants[FIRST + 2] * logEffective,
      );
    const degradation = constants[FIRST] * unscaled;
    if (gradient) {
      gradient[FIRST] = unscaled;
      gradient[FIRST + 1] = degradation * logD;
      gradient[FIRST + 2] = -degradation * logEffective;
      gradient[FIRST + 3] = degradation === 0 ? 0 : (degradation * postBits) / (gammaPost * gammaPost);
      gradient[FIRST + 4] = degradation;
      for (let i = 0; i < operands.length; i++) {
        const own = training.constants.length - 2 * (operands.length - i);
        const bits = inputs[2 + i];
        const lost = Math.exp(constants[own + 1] - bits / constants[own]);
        // N_eff^-γ_N, by n and γ of the operand.
        const byOffset = lost === 0 ? 0 : (degradation * constants[FIRST + 2] * lost) / (1 - lost);
        gradient[own] += lost === 0 ? 0 : (byOffset * bits) / (constants[own] * constants[own]);
        gradient[own + 1] += byOffset;
        const more = bits - postBits;
        const decayed = Math.exp(-constants[C_X + i] * more);
        gradient[C_X + i] =
          degradation === 0 || decayed === 0 ? 0 : (degradation * more * decayed) / (1 - decayed);
      }
    }
    return loss + degradation;
  },
  terms: (constants) => [
    ...training.terms(constants),
    {
      title: "rounding after training",
      coefficient: constants[FIRST],
      factors: {
        parameters: (n) => n ** -constants[FIRST + 2],
        tokens: (d) => d ** constants[FIRST + 1],
        postTrainingBits: (bits) => Math.exp(constants[FIRST + 4] - bits / constants[FIRST + 3]),
        ...operandFactors(operands, true, constants, -constants[FIRST + 2]),
      },
      pairs: operands.map(({variable}, i) => ({
        of: [variable, "postTrainingBits"],
        at: (bits, postBits) => lostRobustness(constants[C_X + i], bits, postBits),
      })),
    },
  ],
  derived: [...chinchillaDerived, jointBits(operands, true)],
};
