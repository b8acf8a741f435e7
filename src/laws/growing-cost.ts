import {chinchillaConstants, chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {coefficient, decay, freeExponent} from "./constants.js";
import type {Law} from "./law.js";
import {activations, cache, type RoundedOperand, weights} from "./precision.js";
import {ownForm} from "./source.js";

const operands: readonly RoundedOperand[] = [weights, activations, cache];
const TEXT = chinchillaConstants.length;
const SIZE = TEXT + 1;
const FIRST = SIZE + 1;

const rise = (bits: number, gamma: number): number => Math.exp(-bits / gamma);

/**
 * The precision law gives rounding in training the effect of fewer parameters, which text does not change. This form gives
 * it that of rounding after training instead: a cost that grows by a power of D, one summand for each operand. Of one
 * format in training, such a cost is published (arXiv 2505.14302: the law quantization-aware).
 */
export const growingCost: Law = {
  name: "growing-cost",
  title: "Cost that grows with text",
  formula: "L = A/N^α + B/D^β + E + (D^γ_D/N^γ_N)·Σ C_x·exp(-P_x/γ_x), x = w, a, kv",
  tex: String.raw`L = \frac{A}{N^\alpha} + \frac{B}{D^\beta} + E + \frac{D^{\gamma_D}}{N^{\gamma_N}} \sum_{x \in \{w, a, kv\}} C_x\, e^{-P_x/\gamma_x}`,
  source: ownForm,
  own: true,
  variables: ["parameters", "tokens", ...operands.map(({variable}) => variable)],
  constants: [
    ...chinchillaConstants,
    freeExponent("gamma_D", "γ_D", "exponent of D in the cost of rounding"),
    freeExponent("gamma_N", "γ_N", "exponent of 1/N in the cost of rounding"),
    ...operands.flatMap(({suffix, title}) => [
      {
        ...coefficient(`C_${suffix}`, `C_${suffix}`, `size of the cost of ${title}`),
        ...{lower: 1e-14, starts: [1e-12, 1e-9, 1e-5]},
      },
      decay(`gamma_${suffix}`, `γ_${suffix}`, `bits within which the cost of ${title} falls to 1/e`),
    ]),
  ],
  published: [],
  evaluate(constants, inputs, gradient) {
    const [A, B, E] = [constants[0], constants[1], constants[2]];
    const [logN, logD] = [Math.log(inputs[0]), Math.log(inputs[1])];
    const size = Math.exp(-constants[3] * logN);
    const data = Math.exp(-constants[4] * logD);
    const growth = Math.exp(constants[TEXT] * logD - constants[SIZE] * logN);
    let sum = 0;
    for (let i = 0; i < operands.length; i++) {
      const own = FIRST + 2 * i;
      const bits = inputs[2 + i];
      const [C, gamma] = [constants[own], constants[own + 1]];
      const one = rise(bits, gamma);
      sum += C * one;
      if (!gradient) continue;
      gradient[own] = growth * one;
      gradient[own + 1] = one === 0 ? 0 : (growth * C * one * bits) / (gamma * gamma);
    }
    if (gradient) {
      gradient[0] = size;
      gradient[1] = data;
      gradient[2] = 1;
      gradient[3] = -A * size * logN;
      gradient[4] = -B * data * logD;
      gradient[TEXT] = growth * sum * logD;
      gradient[SIZE] = -growth * sum * logN;
    }
    return A * size + B * data + E + growth * sum;
  },
  terms: (constants) => [
    ...chinchillaTerms(constants),
    ...operands.map(({variable, title}, i) => ({
      title: `rounding of ${title}`,
      coefficient: constants[FIRST + 2 * i],
      factors: {
        parameters: (n: number) => n ** -constants[SIZE],
        tokens: (d: number) => d ** constants[TEXT],
        [variable]: (bits: number) => rise(bits, constants[FIRST + 2 * i + 1]),
      },
    })),
  ],
  derived: chinchillaDerived,
};
