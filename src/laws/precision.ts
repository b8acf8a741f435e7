import {chinchillaConstants, chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {decay, offset} from "./constants.js";
import type {Constant, Derived, Law, Term} from "./law.js";
import {minimise} from "./solve.js";
import {kumar2024} from "./source.js";
import type {VariableName} from "./variables.js";

/** What is rounded while training: its bits, and the suffix of its constants γ and n. */
export interface RoundedOperand {
  readonly variable: VariableName;
  readonly suffix: string;
  readonly title: string;
}

export const weights: RoundedOperand = {variable: "weightBits", suffix: "w", title: "weights"};
export const activations: RoundedOperand = {variable: "activationBits", suffix: "a", title: "activations"};
export const cache: RoundedOperand = {variable: "cacheBits", suffix: "kv", title: "keys and values"};
export const gradients: RoundedOperand = {variable: "gradientBits", suffix: "g", title: "gradients"};

const ALPHA = 3;
const FIRST = chinchillaConstants.length;

/** γ and, with `offsets`, n of each operand. */
const operandConstants = (operands: readonly RoundedOperand[], offsets: boolean): Constant[] =>
  operands.flatMap(({suffix, title}) => {
    const own = decay(
      `gamma_${suffix}`,
      `γ_${suffix}`,
      `bits within which the effect of ${title} falls to 1/e`,
    );
    return offsets
      ? [own, offset(`n_${suffix}`, `n_${suffix}`, `offset of the exponent of ${title}`)]
      : [own];
  });

/** The share 1 - exp(-P/γ + n) of the parameters that an operand of P bits leaves; NaN where it is not positive. */
export function precisionFactor(bits: number, gamma: number, n: number): number {
  const factor = 1 - Math.exp(n - bits / gamma);
  return factor > 0 ? factor : Number.NaN;
}

/**
 * L = A/N_eff^α + B/D^β + E with N_eff = N·∏(1 - exp(-P_x/γ_x + n_x)), n_x = 0 without `offsets`. Constants: A, B, E,
 * α, β, then γ and n of each operand. Inputs: N, D, then the bits of each operand.
 */
export function precisionForm(
  operands: readonly RoundedOperand[],
  offsets: boolean,
): Pick<Law, "variables" | "constants" | "evaluate"> & Required<Pick<Law, "terms">> {
  const stride = offsets ? 2 : 1;
  return {
    variables: ["parameters", "tokens", ...operands.map(({variable}) => variable)],
    constants: [...chinchillaConstants, ...operandConstants(operands, offsets)],
    evaluate(constants, inputs, gradient) {
      const [A, B, E, alpha, beta] = [constants[0], constants[1], constants[2], constants[3], constants[4]];
      let effective = inputs[0];
      for (let i = 0; i < operands.length; i++) {
        const own = FIRST + i * stride;
        const bits = inputs[2 + i];
        const gamma = constants[own];
        const lost = Math.exp((offsets ? constants[own + 1] : 0) - bits / gamma);
        const factor = 1 - lost;
        if (!(factor > 0)) return Number.NaN;
        effective *= factor;
        if (!gradient) continue;
        const change = lost / factor;
        gradient[own] = change === 0 ? 0 : (change * bits) / (gamma * gamma);
        if (offsets) gradient[own + 1] = change;
      }
      const [logN, logD] = [Math.log(effective), Math.log(inputs[1])];
      const size = Math.exp(-alpha * logN);
      const data = Math.exp(-beta * logD);
      if (gradient) {
        gradient[0] = size;
        gradient[1] = data;
        gradient[2] = 1;
        gradient[3] = -A * size * logN;
        gradient[4] = -B * data * logD;
        for (let j = FIRST; j < FIRST + operands.length * stride; j++) gradient[j] *= alpha * A * size;
      }
      return A * size + B * data + E;
    },
    terms(constants) {
      const [size, ...others] = chinchillaTerms(constants);
      const ofBits = operandFactors(operands, offsets, constants, -constants[ALPHA]);
      return [{...size, factors: {...size.factors, ...ofBits}}, ...others];
    },
  };
}

/** (1 - exp(-P/γ + n))^exponent of each operand, as factors of a term. */
export const operandFactors = (
  operands: readonly RoundedOperand[],
  offsets: boolean,
  constants: ArrayLike<number>,
  exponent: number,
): Term["factors"] =>
  Object.fromEntries(
    operands.map(({variable}, i) => {
      const own = FIRST + i * (offsets ? 2 : 1);
      const n = offsets ? constants[own + 1] : 0;
      return [variable, (bits: number) => precisionFactor(bits, constants[own], n) ** exponent];
    }),
  );

/** The best number of bits for all operands alike where N, D and P are free. */
export const jointBits = (operands: readonly RoundedOperand[], offsets: boolean): Derived => ({
  name: "jointBits",
  symbol: "P*",
  meaning: "best bits for all operands alike, where compute N·D·P is fixed and all three are free",
  of: (constants) => bitsOfMostParameters((bits) => precisionShare(operands, offsets, constants, bits)),
});

/**
 * The bits at which a budget of N·P leaves the most effective parameters: where `share` of P over P is largest. That is
 * the joint optimum of N, D and P at fixed compute, whatever A, B, α and β are (section 4.3).
 */
export const bitsOfMostParameters = (share: (bits: number) => number): number =>
  minimise((bits) => bits / share(bits), 0.01, 64).at;

/** N_eff/N with all operands at the same bits; NaN where a factor is not positive. */
export function precisionShare(
  operands: readonly RoundedOperand[],
  offsets: boolean,
  constants: ArrayLike<number>,
  bits: number,
): number {
  return operands.reduce((share, _, i) => {
    const own = FIRST + i * (offsets ? 2 : 1);
    return share * precisionFactor(bits, constants[own], offsets ? constants[own + 1] : 0);
  }, 1);
}

/** Table 2, without the constants of rounding after training. */
export const kumarBase = {A: 4299, B: 18060, E: 2.7648, alpha: 0.4965, beta: 0.4965};
export const kumarOperands = {
  gamma_w: 2.6745,
  n_w: 0.3037,
  gamma_a: 2.2102,
  n_a: 1.4072,
  gamma_kv: 0.9578,
  n_kv: 2.4185,
};

/** Integers of 3 to 12 bits, 30 to 220 million parameters, 1.5 to 26 billion tokens. */
export const kumarDomain = {
  parameters: [30e6, 220e6],
  tokens: [1.5e9, 26e9],
  weightBits: [3, 12],
  activationBits: [3, 12],
  cacheBits: [3, 12],
} as const;

export const precision: Law = {
  name: "precision",
  title: "Precision law",
  formula: "L = A/N_eff^α + B/D^β + E, N_eff = N·∏(1 - exp(-P_x/γ_x + n_x)), x = w, a, kv",
  tex: String.raw`L = \frac{A}{N_\text{eff}^\alpha} + \frac{B}{D^\beta} + E,\quad N_\text{eff} = N \prod_{x \in \{w, a, kv\}} \left(1 - e^{-P_x/\gamma_x + n_x}\right)`,
  source: {...kumar2024, where: "section 4, table 2"},
  own: false,
  ...precisionForm([weights, activations, cache], true),
  tied: [["alpha", "beta"]],
  published: [
    {
      name: "Kumar",
      values: {...kumarBase, ...kumarOperands},
      domain: kumarDomain,
      source: {...kumar2024, where: "table 2"},
      note: "The paper fits α = β. It prints the form without offsets and gives n for each operand; the sign of n is inferred, since only this one gives the printed 7 to 8 bits as the optimum.",
    },
  ],
  derived: [...chinchillaDerived, jointBits([weights, activations, cache], true)],
};
