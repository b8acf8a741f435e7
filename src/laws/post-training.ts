import {chinchillaConstants, chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {coefficient, decay, exponent, offset} from "./constants.js";
import type {Constant, Law} from "./law.js";
import {kumarBase, kumarDomain} from "./precision.js";
import {kumar2024} from "./source.js";

/** C_T, γ_D, γ_N, γ_post, b of the degradation δ = C_T·exp(-P_post/γ_post + b)·D^γ_D/N^γ_N. */
export const degradationConstants: readonly Constant[] = [
  {
    ...coefficient("C_T", "C_T", "coefficient of the degradation by rounding after training"),
    lower: 1e-12,
    starts: [1e-6, 1e-2],
  },
  {...exponent("gamma_D", "γ_D", "exponent of D in the degradation"), starts: [0.5, 1]},
  {...exponent("gamma_N", "γ_N", "exponent of N in the degradation"), starts: [0.3, 1]},
  decay("gamma_post", "γ_post", "bits after training within which the degradation falls to 1/e"),
  {...offset("b", "b", "offset of the exponent of P_post"), held: 0},
];

export const kumarDegradation = {
  C_T: 0.0598,
  gamma_D: 0.5068,
  gamma_N: 0.3439,
  gamma_post: 0.5907,
  b: 1.1277,
};

const FIRST = chinchillaConstants.length;

export const postTraining: Law = {
  name: "post-training",
  title: "Rounding after training in 16 bits",
  formula: "L = A/N^α + B/D^β + E + C_T·(D^γ_D/N^γ_N)·exp(-P_post/γ_post + b)",
  tex: String.raw`L = \frac{A}{N^\alpha} + \frac{B}{D^\beta} + E + C_T \frac{D^{\gamma_D}}{N^{\gamma_N}} e^{-P_\text{post}/\gamma_\text{post} + b}`,
  source: {...kumar2024, where: "section 3"},
  own: false,
  variables: ["parameters", "tokens", "postTrainingBits"],
  constants: [...chinchillaConstants, ...degradationConstants],
  tied: [["alpha", "beta"]],
  published: [
    {
      name: "Kumar",
      values: {...kumarBase, ...kumarDegradation},
      domain: {
        parameters: kumarDomain.parameters,
        tokens: kumarDomain.tokens,
        postTrainingBits: [3, 6],
      },
      source: {...kumar2024, where: "table 2"},
      note: "Weights rounded by GPTQ. The paper prints the form without the offset b and gives b; its sign is inferred. C_T and b act alike, so a fit finds only C_T·exp(b). The range of P_post is approximate.",
    },
  ],
  evaluate(constants, inputs, gradient) {
    const [A, B, alpha, beta] = [constants[0], constants[1], constants[3], constants[4]];
    const size = inputs[0] ** -alpha;
    const data = inputs[1] ** -beta;
    const gammaPost = constants[FIRST + 3];
    const shape =
      inputs[1] ** constants[FIRST + 1] *
      inputs[0] ** -constants[FIRST + 2] *
      Math.exp(constants[FIRST + 4] - inputs[2] / gammaPost);
    const degradation = constants[FIRST] * shape;
    if (gradient) {
      const [logN, logD] = [Math.log(inputs[0]), Math.log(inputs[1])];
      gradient[0] = size;
      gradient[1] = data;
      gradient[2] = 1;
      gradient[3] = -A * size * logN;
      gradient[4] = -B * data * logD;
      gradient[FIRST] = shape;
      gradient[FIRST + 1] = degradation * logD;
      gradient[FIRST + 2] = -degradation * logN;
      gradient[FIRST + 3] = degradation === 0 ? 0 : (degradation * inputs[2]) / (gammaPost * gammaPost);
      gradient[FIRST + 4] = degradation;
    }
    return A * size + B * data + constants[2] + degradation;
  },
  terms: (constants) => [
    ...chinchillaTerms(constants),
    {
      title: "rounding after training",
      coefficient: constants[FIRST],
      factors: {
        parameters: (n) => n ** -constants[FIRST + 2],
        tokens: (d) => d ** constants[FIRST + 1],
        postTrainingBits: (bits) => Math.exp(constants[FIRST + 4] - bits / constants[FIRST + 3]),
      },
    },
  ],
  derived: [
    ...chinchillaDerived,
    {
      name: "criticalTokensExponent",
      symbol: "γ_N/(γ_D+β)",
      meaning: "exponent of N in the number of tokens beyond which more hurt the rounded model",
      of: (constants) => constants[FIRST + 2] / (constants[FIRST + 1] + constants[4]),
    },
  ],
};
