import {chinchillaConstants, chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {exponent} from "./constants.js";
import type {Constant, Law} from "./law.js";
import {kumar2024} from "./source.js";

const FIRST = chinchillaConstants.length;

/** C and γ of C/P_w^γ, with which the loss rises, or a part of it is multiplied. */
const constants: readonly Constant[] = [
  ...chinchillaConstants,
  {
    name: "C",
    symbol: "C",
    meaning: "coefficient of P_w^-γ",
    lower: 1e-8,
    upper: 1e8,
    positive: true,
    linear: true,
    starts: [0.1, 10],
  },
  {...exponent("gamma", "γ", "exponent of P_w"), upper: 20, starts: [1, 4]},
];

export const additivePower: Law = {
  name: "additive-power",
  title: "Bits of weights as an additive power law",
  formula: "L = A/N^α + B/D^β + E + C/P_w^γ",
  tex: String.raw`L = \frac{A}{N^\alpha} + \frac{B}{D^\beta} + E + \frac{C}{P_w^\gamma}`,
  source: {
    ...kumar2024,
    where: "comparison of forms, held-out R² 0.71; the formula is our reading of the name",
  },
  own: false,
  variables: ["parameters", "tokens", "weightBits"],
  constants,
  tied: [["alpha", "beta"]],
  published: [],
  evaluate(constants, inputs, gradient) {
    const size = inputs[0] ** -constants[3];
    const data = inputs[1] ** -constants[4];
    const power = inputs[2] ** -constants[FIRST + 1];
    if (gradient) {
      gradient[0] = size;
      gradient[1] = data;
      gradient[2] = 1;
      gradient[3] = -constants[0] * size * Math.log(inputs[0]);
      gradient[4] = -constants[1] * data * Math.log(inputs[1]);
      gradient[FIRST] = power;
      gradient[FIRST + 1] = power === 0 ? 0 : -constants[FIRST] * power * Math.log(inputs[2]);
    }
    return constants[0] * size + constants[1] * data + constants[2] + constants[FIRST] * power;
  },
  terms: (constants) => [
    ...chinchillaTerms(constants),
    {
      title: "rounding",
      coefficient: constants[FIRST],
      factors: {weightBits: (bits) => bits ** -constants[FIRST + 1]},
    },
  ],
  derived: chinchillaDerived,
};

export const multiplicativePower: Law = {
  name: "multiplicative-power",
  title: "Bits of weights as a multiplicative power law",
  formula: "L = (A/N^α + B/D^β)·(1 + C/P_w^γ) + E",
  tex: String.raw`L = \left(\frac{A}{N^\alpha} + \frac{B}{D^\beta}\right) \left(1 + \frac{C}{P_w^\gamma}\right) + E`,
  source: {
    ...kumar2024,
    where: "comparison of forms, held-out R² 0.75; the formula is our reading of the name",
  },
  own: false,
  variables: ["parameters", "tokens", "weightBits"],
  // Linear in A, B and E, or in C and E, and not in all four at once.
  constants: constants.map((constant) => (constant.name === "C" ? {...constant, linear: false} : constant)),
  tied: [["alpha", "beta"]],
  published: [],
  evaluate(constants, inputs, gradient) {
    const size = inputs[0] ** -constants[3];
    const data = inputs[1] ** -constants[4];
    const power = inputs[2] ** -constants[FIRST + 1];
    const factor = 1 + constants[FIRST] * power;
    const reducible = constants[0] * size + constants[1] * data;
    if (gradient) {
      gradient[0] = size * factor;
      gradient[1] = data * factor;
      gradient[2] = 1;
      gradient[3] = -constants[0] * size * factor * Math.log(inputs[0]);
      gradient[4] = -constants[1] * data * factor * Math.log(inputs[1]);
      gradient[FIRST] = reducible * power;
      gradient[FIRST + 1] = power === 0 ? 0 : -reducible * constants[FIRST] * power * Math.log(inputs[2]);
    }
    return reducible * factor + constants[2];
  },
  terms(constants) {
    const [size, data, floor] = chinchillaTerms(constants);
    const weightBits = (bits: number) => 1 + constants[FIRST] * bits ** -constants[FIRST + 1];
    const raised = [size, data].map((term) => ({...term, factors: {...term.factors, weightBits}}));
    return [...raised, floor];
  },
  derived: chinchillaDerived,
};
