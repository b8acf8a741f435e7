import {chinchillaConstants, chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {coefficient, exponent, freeExponent} from "./constants.js";
import type {Law} from "./law.js";
import {chen2025} from "./source.js";

const K = chinchillaConstants.length;
const GAMMA_D = K + 1;
const GAMMA_N = K + 2;
const GAMMA_G = K + 3;

/** The loss of one pair of formats, such as 4-bit weights and activations: bits do not occur in it. */
export const quantizationAware: Law = {
  name: "quantization-aware",
  title: "Quantization-aware training in one format",
  formula: "L = A/N^α + B/D^β + E + k·D^γ_D·(log2 G)^γ_G/N^γ_N",
  tex: String.raw`L = \frac{A}{N^\alpha} + \frac{B}{D^\beta} + E + k \frac{D^{\gamma_D} (\log_2 G)^{\gamma_G}}{N^{\gamma_N}}`,
  source: {
    ...chen2025,
    where: "G is the block size; its constants are left out, since they could not be checked",
  },
  own: false,
  variables: ["parameters", "tokens", "blockSize"],
  constants: [
    ...chinchillaConstants,
    {...coefficient("k", "k", "coefficient of the cost of rounding"), lower: 1e-16, starts: [1e-9, 1e-2]},
    freeExponent("gamma_D", "γ_D", "exponent of D in the cost of rounding"),
    freeExponent("gamma_N", "γ_N", "exponent of 1/N in the cost of rounding"),
    exponent("gamma_G", "γ_G", "exponent of log2 G in the cost of rounding"),
  ],
  published: [],
  evaluate(constants, inputs, gradient) {
    const [A, B, alpha, beta] = [constants[0], constants[1], constants[3], constants[4]];
    const [logN, logD] = [Math.log(inputs[0]), Math.log(inputs[1])];
    const size = Math.exp(-alpha * logN);
    const data = Math.exp(-beta * logD);
    const logBlock = Math.log2(inputs[2]);
    const growth = Math.exp(constants[GAMMA_D] * logD - constants[GAMMA_N] * logN);
    const unscaled = growth * logBlock ** constants[GAMMA_G];
    const cost = constants[K] * unscaled;
    if (gradient) {
      gradient[0] = size;
      gradient[1] = data;
      gradient[2] = 1;
      gradient[3] = -A * size * logN;
      gradient[4] = -B * data * logD;
      gradient[K] = unscaled;
      gradient[GAMMA_D] = cost * logD;
      gradient[GAMMA_N] = -cost * logN;
      gradient[GAMMA_G] = cost === 0 ? 0 : cost * Math.log(logBlock);
    }
    return A * size + B * data + constants[2] + cost;
  },
  terms: (constants) => [
    ...chinchillaTerms(constants),
    {
      title: "rounding",
      coefficient: constants[K],
      factors: {
        parameters: (n) => n ** -constants[GAMMA_N],
        tokens: (d) => d ** constants[GAMMA_D],
        blockSize: (size) => Math.log2(size) ** constants[GAMMA_G],
      },
    },
  ],
  derived: chinchillaDerived,
};
