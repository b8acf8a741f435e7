import {coefficient, exponent, floor} from "./constants.js";
import type {Derived, Law, Term} from "./law.js";
import {besiroglu2024, hoffmann2022} from "./source.js";

/** The five constants that open every law built on this one. */
export const chinchillaConstants = [
  coefficient("A", "A", "coefficient of N^-α"),
  coefficient("B", "B", "coefficient of D^-β"),
  floor(),
  exponent("alpha", "α", "exponent of N"),
  exponent("beta", "β", "exponent of D"),
] as const;

const A = 0;
const B = 1;
const E = 2;
const ALPHA = 3;
const BETA = 4;

/** The loss without rounding, as terms. `constants` start with A, B, E, α, β. */
export const chinchillaTerms = (constants: ArrayLike<number>): Term[] => [
  {
    title: "size",
    coefficient: constants[A],
    factors: {parameters: (n) => n ** -constants[ALPHA]},
  },
  {
    title: "data",
    coefficient: constants[B],
    factors: {tokens: (d) => d ** -constants[BETA]},
  },
  {title: "floor", coefficient: constants[E], factors: {}},
];

/** What follows from A, B, E, α, β where C ∝ N·D (Hoffmann et al., equation 4). */
export const chinchillaDerived: readonly Derived[] = [
  {
    name: "parametersExponent",
    symbol: "β/(α+β)",
    meaning: "exponent of compute in the best N",
    of: (constants) => constants[BETA] / (constants[ALPHA] + constants[BETA]),
  },
  {
    name: "tokensExponent",
    symbol: "α/(α+β)",
    meaning: "exponent of compute in the best D",
    of: (constants) => constants[ALPHA] / (constants[ALPHA] + constants[BETA]),
  },
  {
    name: "lossExponent",
    symbol: "αβ/(α+β)",
    meaning: "exponent with which the best loss nears E as compute grows",
    of: (constants) => (constants[ALPHA] * constants[BETA]) / (constants[ALPHA] + constants[BETA]),
  },
];

const chinchillaCompute = 5.76e23; // FLOPs of Gopher and Chinchilla, Hoffmann et al., section 4

export const chinchilla: Law = {
  name: "chinchilla",
  title: "Chinchilla",
  formula: "L = A/N^α + B/D^β + E",
  tex: String.raw`L = \frac{A}{N^\alpha} + \frac{B}{D^\beta} + E`,
  source: {...hoffmann2022, where: "section 3.3, equation 2"},
  own: false,
  variables: ["parameters", "tokens"],
  constants: chinchillaConstants,
  published: [
    {
      name: "replication",
      values: {A: 482.01, B: 2085.43, E: 1.8172, alpha: 0.3478, beta: 0.3658},
      standardErrors: {A: 124.5, B: 1293.3, E: 0.0257, alpha: 0.0154, beta: 0.0206},
      intervals: {
        A: [285, 744],
        B: [1042, 5810],
        E: [1.769, 1.871],
        alpha: [0.317, 0.373],
        beta: [0.331, 0.415],
      },
      domain: {parameters: [57e6, 16.2e9], tokens: [0.82e9, 318e9]},
      source: besiroglu2024,
      note: "240 runs, read off a figure of Hoffmann et al. E is printed as 1.8172; the notebook of the authors has 1.81686. Intervals by bootstrap.",
    },
    {
      name: "Hoffmann",
      values: {A: 406.4, B: 410.7, E: 1.69, alpha: 0.34, beta: 0.28},
      domain: {parameters: [70e6, 16e9], tokens: [5e9, 5e11]},
      source: {...hoffmann2022, where: "appendix D.3"},
      note: "As printed. Unrounded: A = exp(6.0073404), B = exp(6.0179186), E = exp(0.5267228), α = 0.33917084, β = 0.2849083. The replication rejects these values.",
    },
  ],
  evaluate(constants, inputs, gradient) {
    const [logN, logD] = [Math.log(inputs[0]), Math.log(inputs[1])]; // for fits; twice as fast as powers
    const size = Math.exp(-constants[ALPHA] * logN);
    const data = Math.exp(-constants[BETA] * logD);
    if (gradient) {
      gradient[A] = size;
      gradient[B] = data;
      gradient[E] = 1;
      gradient[ALPHA] = -constants[A] * size * logN;
      gradient[BETA] = -constants[B] * data * logD;
    }
    return constants[A] * size + constants[B] * data + constants[E];
  },
  terms: chinchillaTerms,
  derived: [
    ...chinchillaDerived,
    {
      name: "tokensPerParameter",
      symbol: "D/N",
      meaning: "best tokens per parameter at the compute of Chinchilla, 5.76e23 FLOPs at 6·N·D",
      of(constants) {
        const ratio = (constants[ALPHA] * constants[A]) / (constants[BETA] * constants[B]);
        const sum = constants[ALPHA] + constants[BETA];
        const product = chinchillaCompute / 6;
        const parameters = ratio ** (1 / sum) * product ** (constants[BETA] / sum);
        return product / parameters ** 2;
      },
    },
  ],
};
