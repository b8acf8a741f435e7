import {chinchillaConstants, chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {decay, offset} from "./constants.js";
import type {Law} from "./law.js";
import {kumarBase, kumarDomain, precisionFactor} from "./precision.js";
import {kumar2024} from "./source.js";

const GAMMA = chinchillaConstants.length;
const N = GAMMA + 1;

export const floatingPointBits: Law = {
  name: "floating-point-bits",
  title: "Precision law with P = E + M + 1",
  formula: "L = A/N_eff^α + B/D^β + E, N_eff = N·(1 - exp(-P/γ + n)), P = E + M + 1",
  tex: String.raw`L = \frac{A}{N_\text{eff}^\alpha} + \frac{B}{D^\beta} + E,\quad N_\text{eff} = N \left(1 - e^{-P/\gamma + n}\right),\ P = E + M + 1`,
  source: {
    ...kumar2024,
    where: "floating-point weights; the form that arXiv 2501.02423 compares with in figure 1",
  },
  own: false,
  variables: ["parameters", "tokens", "exponentBits", "mantissaBits"],
  constants: [
    ...chinchillaConstants,
    decay("gamma", "γ", "bits within which the effect of rounding falls to 1/e"),
    offset("n", "n", "offset of the exponent"),
  ],
  tied: [["alpha", "beta"]],
  published: [
    {
      name: "Kumar, weights",
      values: {...kumarBase, gamma: 2.8111, n: 0.124},
      domain: {
        parameters: kumarDomain.parameters,
        tokens: kumarDomain.tokens,
        exponentBits: [2, 5],
        mantissaBits: [0, 6],
      },
      source: kumar2024,
      note: "140 runs with floating-point weights of 3 to 12 bits; A, B, E and α are those of the integer fits.",
    },
  ],
  evaluate(constants, inputs, gradient) {
    const [A, B, alpha, beta] = [constants[0], constants[1], constants[3], constants[4]];
    const bits = inputs[2] + inputs[3] + 1;
    const lost = Math.exp(constants[N] - bits / constants[GAMMA]);
    const factor = 1 - lost;
    if (!(factor > 0)) return Number.NaN;
    const effective = inputs[0] * factor;
    const size = effective ** -alpha;
    const data = inputs[1] ** -beta;
    if (gradient) {
      const change = (alpha * A * size * lost) / factor;
      gradient[0] = size;
      gradient[1] = data;
      gradient[2] = 1;
      gradient[3] = -A * size * Math.log(effective);
      gradient[4] = -B * data * Math.log(inputs[1]);
      gradient[GAMMA] = change === 0 ? 0 : (change * bits) / (constants[GAMMA] * constants[GAMMA]);
      gradient[N] = change;
    }
    return A * size + B * data + constants[2];
  },
  terms(constants) {
    const [size, ...others] = chinchillaTerms(constants);
    const at = (e: number, m: number) =>
      precisionFactor(e + m + 1, constants[GAMMA], constants[N]) ** -constants[3];
    return [{...size, pairs: [{of: ["exponentBits", "mantissaBits"], at}]}, ...others];
  },
  derived: chinchillaDerived,
};
