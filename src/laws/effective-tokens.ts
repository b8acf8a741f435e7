import {chinchillaConstants, chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {decay, offset} from "./constants.js";
import type {Law, Term} from "./law.js";
import {precisionFactor} from "./precision.js";
import {kumar2024} from "./source.js";

const FIRST = chinchillaConstants.length;

/** γ and n of the factor of N, then of D; with `tied` the same for both. */
type Counts = "tokens" | "both, tied" | "both, untied";

/** L = A/N_eff^α + B/D_eff^β + E, where the bits of weights take from D, or from N and D. */
function effectiveForm(
  counts: Counts,
): Pick<Law, "variables" | "constants" | "evaluate" | "terms" | "derived"> {
  const own = counts === "both, untied" ? ["_N", "_D"] : [""];
  const [inSize, inData] = {
    tokens: [-1, FIRST],
    "both, tied": [FIRST, FIRST],
    "both, untied": [FIRST, FIRST + 2],
  }[counts];
  const meanings = {_N: " on N", _D: " on D", "": ""} as Record<string, string>;
  return {
    variables: ["parameters", "tokens", "weightBits"],
    constants: [
      ...chinchillaConstants,
      ...own.flatMap((suffix) => [
        decay(
          `gamma${suffix}`,
          `γ${suffix}`,
          `bits within which the effect of weights${meanings[suffix]} falls to 1/e`,
        ),
        offset(`n${suffix}`, `n${suffix}`, `offset of the exponent${meanings[suffix]}`),
      ]),
    ],
    evaluate(constants, inputs, gradient) {
      const [A, B, alpha, beta] = [constants[0], constants[1], constants[3], constants[4]];
      const bits = inputs[2];
      const lostSize = inSize < 0 ? 0 : Math.exp(constants[inSize + 1] - bits / constants[inSize]);
      const lostData = Math.exp(constants[inData + 1] - bits / constants[inData]);
      if (!(lostSize < 1 && lostData < 1)) return Number.NaN;
      const parameters = inputs[0] * (1 - lostSize);
      const tokens = inputs[1] * (1 - lostData);
      const size = parameters ** -alpha;
      const data = tokens ** -beta;
      if (gradient) {
        gradient[0] = size;
        gradient[1] = data;
        gradient[2] = 1;
        gradient[3] = -A * size * Math.log(parameters);
        gradient[4] = -B * data * Math.log(tokens);
        gradient.fill(0, FIRST, FIRST + 2 * own.length);
        addChange(gradient, inData, (beta * B * data * lostData) / (1 - lostData), bits, constants[inData]);
        if (inSize >= 0) {
          addChange(
            gradient,
            inSize,
            (alpha * A * size * lostSize) / (1 - lostSize),
            bits,
            constants[inSize],
          );
        }
      }
      return A * size + B * data + constants[2];
    },
    terms(constants) {
      const [size, data, floor] = chinchillaTerms(constants);
      const withFactor = (term: Term, at: number, exponent: number): Term => ({
        ...term,
        factors: {
          ...term.factors,
          weightBits: (bits) => precisionFactor(bits, constants[at], constants[at + 1]) ** -exponent,
        },
      });
      return [
        inSize < 0 ? size : withFactor(size, inSize, constants[3]),
        withFactor(data, inData, constants[4]),
        floor,
      ];
    },
    derived: chinchillaDerived,
  };
}

/** Adds the derivatives by γ (at `at`) and n of a factor whose exponent changes the loss by `change`. */
function addChange(gradient: Float64Array, at: number, change: number, bits: number, gamma: number): void {
  if (change === 0) return;
  gradient[at] += (change * bits) / (gamma * gamma);
  gradient[at + 1] += change;
}

const source = (rSquared: string) => ({
  ...kumar2024,
  where: `comparison of forms, held-out R² ${rSquared}; the formula is our reading of the name`,
});

export const effectiveTokens: Law = {
  name: "effective-tokens",
  title: "Bits of weights as fewer tokens (D_eff)",
  formula: "L = A/N^α + B/D_eff^β + E, D_eff = D·(1 - exp(-P_w/γ + n))",
  tex: String.raw`L = \frac{A}{N^\alpha} + \frac{B}{D_\text{eff}^\beta} + E,\quad D_\text{eff} = D \left(1 - e^{-P_w/\gamma + n}\right)`,
  source: source("0.74"),
  own: false,
  ...effectiveForm("tokens"),
  tied: [["alpha", "beta"]],
  published: [],
};

export const effectiveBothTied: Law = {
  name: "effective-both-tied",
  title: "Bits of weights as fewer parameters and tokens, tied",
  formula: "L = A/N_eff^α + B/D_eff^β + E, N_eff = N·f, D_eff = D·f, f = 1 - exp(-P_w/γ + n)",
  tex: String.raw`L = \frac{A}{(Nf)^\alpha} + \frac{B}{(Df)^\beta} + E,\quad f = 1 - e^{-P_w/\gamma + n}`,
  source: source("0.79"),
  own: false,
  ...effectiveForm("both, tied"),
  tied: [["alpha", "beta"]],
  published: [],
};

export const effectiveBothUntied: Law = {
  name: "effective-both-untied",
  title: "Bits of weights as fewer parameters and tokens, untied",
  formula:
    "L = A/N_eff^α + B/D_eff^β + E, N_eff = N·(1 - exp(-P_w/γ_N + n_N)), D_eff = D·(1 - exp(-P_w/γ_D + n_D))",
  tex: String.raw`L = \frac{A}{(Nf_N)^\alpha} + \frac{B}{(Df_D)^\beta} + E,\quad f_x = 1 - e^{-P_w/\gamma_x + n_x}`,
  source: source("0.84"),
  own: false,
  ...effectiveForm("both, untied"),
  tied: [["alpha", "beta"]],
  published: [],
};
