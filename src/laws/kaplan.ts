import type {Constant, Derived, Law} from "./law.js";
import {kaplan2020} from "./source.js";

/** N_c or D_c: where the power law alone would reach a loss of 1. */
const scale = (name: string, symbol: string, meaning: string): Constant => ({
  name,
  symbol,
  meaning,
  lower: 1e2,
  upper: 1e22,
  positive: true,
  linear: false,
  starts: [1e6, 1e10, 1e14],
});

const power = (name: string, symbol: string, meaning: string): Constant => ({
  name,
  symbol,
  meaning,
  lower: 1e-3,
  upper: 2,
  positive: true,
  linear: false,
  starts: [0.05, 0.1, 0.3],
});

const N_c = scale("N_c", "N_c", "parameters at which the power of N is 1");
const D_c = scale("D_c", "D_c", "tokens at which the power of D is 1");
const alpha_N = power("alpha_N", "α_N", "exponent of N");
const alpha_D = power("alpha_D", "α_D", "exponent of D");

/** WebText2, N without embeddings. */
const domain = {parameters: [768, 1.5e9], tokens: [22e6, 23e9]} as const;

const exponentRatio: Derived = {
  name: "exponentRatio",
  symbol: "α_N/α_D",
  meaning: "exponent of N in the text that keeps the loss of too little text the same",
  of: (constants) => constants[2] / constants[3],
};

export const kaplan: Law = {
  name: "kaplan",
  title: "Kaplan et al., N and D",
  formula: "L = ((N_c/N)^(α_N/α_D) + D_c/D)^α_D",
  tex: String.raw`L = \left[\left(\frac{N_c}{N}\right)^{\alpha_N/\alpha_D} + \frac{D_c}{D}\right]^{\alpha_D}`,
  source: {...kaplan2020, where: "equation 1.5, section 4.1"},
  own: false,
  variables: ["parameters", "tokens"],
  constants: [N_c, D_c, alpha_N, alpha_D],
  published: [
    {
      name: "Kaplan",
      values: {N_c: 6.4e13, D_c: 1.8e13, alpha_N: 0.076, alpha_D: 0.103},
      domain,
      source: {...kaplan2020, where: "table 2"},
      note: "D_c, and equation and table numbers, are quoted from memory; the others agree with accounts of the paper. Nats per token of its own vocabulary, N without embeddings.",
    },
  ],
  evaluate(constants, inputs, gradient) {
    const [alphaN, alphaD] = [constants[2], constants[3]];
    const logRatio = Math.log(constants[0] / inputs[0]);
    const size = Math.exp((alphaN / alphaD) * logRatio);
    const data = constants[1] / inputs[1];
    const sum = size + data;
    const loss = sum ** alphaD;
    if (gradient) {
      const bySum = (alphaD * loss) / sum;
      gradient[0] = (bySum * size * alphaN) / (alphaD * constants[0]);
      gradient[1] = bySum / inputs[1];
      gradient[2] = (bySum * size * logRatio) / alphaD;
      gradient[3] = loss * Math.log(sum) - (bySum * size * logRatio * alphaN) / (alphaD * alphaD);
    }
    return loss;
  },
  derived: [exponentRatio],
};

export const kaplanParameters: Law = {
  name: "kaplan-parameters",
  title: "Kaplan et al., N alone",
  formula: "L = (N_c/N)^α_N",
  tex: String.raw`L = \left(\frac{N_c}{N}\right)^{\alpha_N}`,
  source: {...kaplan2020, where: "equation 1.1"},
  own: false,
  variables: ["parameters"],
  constants: [N_c, alpha_N],
  published: [
    {
      name: "Kaplan",
      values: {N_c: 8.8e13, alpha_N: 0.076},
      domain: {parameters: domain.parameters},
      source: {...kaplan2020, where: "equation 1.1"},
      note: "With text enough that it does not limit. The constants agree with accounts of the paper; the equation number is quoted from memory.",
    },
  ],
  ...powerOf("parameters"),
  derived: [],
};

export const kaplanTokens: Law = {
  name: "kaplan-tokens",
  title: "Kaplan et al., D alone",
  formula: "L = (D_c/D)^α_D",
  tex: String.raw`L = \left(\frac{D_c}{D}\right)^{\alpha_D}`,
  source: {...kaplan2020, where: "equation 1.2"},
  own: false,
  variables: ["tokens"],
  constants: [D_c, alpha_D],
  published: [
    {
      name: "Kaplan",
      values: {D_c: 5.4e13, alpha_D: 0.095},
      domain: {tokens: domain.tokens},
      source: {...kaplan2020, where: "equation 1.2"},
      note: "With a large model, stopped early. The constants agree with accounts of the paper; the equation number is quoted from memory.",
    },
  ],
  ...powerOf("tokens"),
  derived: [],
};

/** L = (scale/x)^exponent. */
function powerOf(variable: "parameters" | "tokens"): Pick<Law, "evaluate" | "terms"> {
  return {
    evaluate(constants, inputs, gradient) {
      const logRatio = Math.log(constants[0] / inputs[0]);
      const loss = Math.exp(constants[1] * logRatio);
      if (gradient) {
        gradient[0] = (loss * constants[1]) / constants[0];
        gradient[1] = loss * logRatio;
      }
      return loss;
    },
    terms: (constants) => [
      {
        title: variable === "parameters" ? "size" : "data",
        coefficient: 1,
        factors: {[variable]: (value: number) => (constants[0] / value) ** constants[1]},
      },
    ],
  };
}
