import {chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {freeExponent} from "./constants.js";
import {exponentShare, floatingPoint, floatingPointConstants} from "./floating-point.js";
import type {Law} from "./law.js";
import {ownForm} from "./source.js";

const constants = [
  ...floatingPointConstants,
  freeExponent("gamma_D", "γ_D", "exponent of D in the cost of rounding"),
  freeExponent("gamma_N", "γ_N", "exponent of 1/N in the cost of rounding"),
];
const GAMMA_D = constants.length - 2;
const GAMMA_N = constants.length - 1;

/** The published form, whose rounding goes as D^β/N^α, with exponents of their own instead. */
export const floatingPointFree: Law = {
  name: "floating-point-free",
  title: "Floating-point law with exponents of its own, our form",
  formula: "L = n/N^α + d/D^β + ε + (D^γ_D/N^γ_N)·log2(B)/(γ·(E+½)^δ·(M+½)^ν)",
  tex: String.raw`L = \frac{n}{N^\alpha} + \frac{d}{D^\beta} + \epsilon + \frac{D^{\gamma_D}}{N^{\gamma_N}} \frac{\log_2 B}{\gamma (E + \tfrac12)^\delta (M + \tfrac12)^\nu}`,
  source: {...ownForm, where: "the form of arXiv 2501.02423 with two exponents more"},
  own: true,
  variables: floatingPoint.variables,
  constants,
  published: [],
  evaluate(constants, inputs, gradient) {
    const size = inputs[0] ** -constants[3];
    const data = inputs[1] ** -constants[4];
    const growth = inputs[1] ** constants[GAMMA_D] * inputs[0] ** -constants[GAMMA_N];
    const [exponentBits, mantissaBits] = [inputs[2] + 0.5, inputs[3] + 0.5];
    const divisor = constants[5] * exponentBits ** constants[6] * mantissaBits ** constants[7];
    const rounding = (growth * Math.log2(inputs[4])) / divisor;
    if (gradient) {
      const [logN, logD] = [Math.log(inputs[0]), Math.log(inputs[1])];
      gradient[0] = size;
      gradient[1] = data;
      gradient[2] = 1;
      gradient[3] = -constants[0] * size * logN;
      gradient[4] = -constants[1] * data * logD;
      gradient[5] = -rounding / constants[5];
      gradient[6] = rounding === 0 ? 0 : -rounding * Math.log(exponentBits);
      gradient[7] = rounding === 0 ? 0 : -rounding * Math.log(mantissaBits);
      gradient[GAMMA_D] = rounding * logD;
      gradient[GAMMA_N] = -rounding * logN;
    }
    return constants[0] * size + constants[1] * data + constants[2] + rounding;
  },
  terms: (constants) => [
    ...chinchillaTerms(constants),
    {
      title: "rounding",
      coefficient: 1 / constants[5],
      factors: {
        parameters: (n) => n ** -constants[GAMMA_N],
        tokens: (d) => d ** constants[GAMMA_D],
        exponentBits: (e) => (e + 0.5) ** -constants[6],
        mantissaBits: (m) => (m + 0.5) ** -constants[7],
        blockSize: Math.log2,
      },
    },
  ],
  derived: [
    ...chinchillaDerived,
    exponentShare,
    {
      name: "criticalTokensExponent",
      symbol: "γ_N/(γ_D+β)",
      meaning: "exponent of N in the number of tokens beyond which more hurt",
      of: (constants) => constants[GAMMA_N] / (constants[GAMMA_D] + constants[4]),
    },
  ],
};
