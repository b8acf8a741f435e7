import {chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {exponent} from "./constants.js";
import {exponentShare, floatingPointConstants, sunDomain, sunValues} from "./floating-point.js";
import type {Constant, Law} from "./law.js";
import {sun2025} from "./source.js";

const omega: Constant = {...exponent("omega", "ω", "exponent of N in log2 B"), starts: [0.1, 0.5]};
const eta: Constant = {...exponent("eta", "η", "exponent of D in log2 B"), starts: [0.1, 0.5]};
/** ξ acts as γ does, so γ is held at the published value. */
const xi: Constant = {
  name: "xi",
  symbol: "ξ",
  meaning: "divides N^ω/D^η in log2 B",
  lower: 1e-12,
  upper: 1e12,
  positive: true,
  linear: false,
  starts: [0.01, 1],
};

const constants: readonly Constant[] = [
  ...floatingPointConstants.map((constant) =>
    constant.name === "gamma" ? {...constant, held: sunValues.gamma} : constant,
  ),
  omega,
  xi,
  eta,
];
const OMEGA = constants.indexOf(omega);
const XI = constants.indexOf(xi);
const ETA = constants.indexOf(eta);

export const floatingPointTensor: Law = {
  name: "floating-point-tensor",
  title: "Floating-point law, one scale for a tensor",
  formula: "L = n/N^α + d/D^β + ε + (D^β/N^α)·(N^ω/(ξ·D^η))/(γ·(E+½)^δ·(M+½)^ν)",
  tex: String.raw`L = \frac{n}{N^\alpha} + \frac{d}{D^\beta} + \epsilon + \frac{D^\beta}{N^\alpha} \frac{N^\omega}{\xi D^\eta} \frac{1}{\gamma (E + \tfrac12)^\delta (M + \tfrac12)^\nu}`,
  source: {...sun2025, where: "log2 B for tensor-wise scales"},
  own: false,
  variables: ["parameters", "tokens", "exponentBits", "mantissaBits"],
  constants,
  published: [
    {
      name: "Sun",
      values: sunValues,
      unpublished: ["omega", "xi", "eta"],
      domain: sunDomain,
      source: sun2025,
      note: "The form log2 B = N^ω/(ξ·D^η) is published without its constants.",
    },
  ],
  evaluate(constants, inputs, gradient) {
    const size = inputs[0] ** -constants[3];
    const data = inputs[1] ** -constants[4];
    const [exponentBits, mantissaBits] = [inputs[2] + 0.5, inputs[3] + 0.5];
    const divisor = constants[5] * exponentBits ** constants[6] * mantissaBits ** constants[7];
    const logBlock = inputs[0] ** constants[OMEGA] / (constants[XI] * inputs[1] ** constants[ETA]);
    const rounding = ((size / data) * logBlock) / divisor;
    if (gradient) {
      const [logN, logD] = [Math.log(inputs[0]), Math.log(inputs[1])];
      gradient[0] = size;
      gradient[1] = data;
      gradient[2] = 1;
      gradient[3] = -(constants[0] * size + rounding) * logN;
      gradient[4] = (rounding - constants[1] * data) * logD;
      gradient[5] = -rounding / constants[5];
      gradient[6] = rounding === 0 ? 0 : -rounding * Math.log(exponentBits);
      gradient[7] = rounding === 0 ? 0 : -rounding * Math.log(mantissaBits);
      gradient[OMEGA] = rounding * logN;
      gradient[XI] = -rounding / constants[XI];
      gradient[ETA] = -rounding * logD;
    }
    return constants[0] * size + constants[1] * data + constants[2] + rounding;
  },
  terms: (constants) => [
    ...chinchillaTerms(constants),
    {
      title: "rounding",
      coefficient: 1 / (constants[5] * constants[XI]),
      factors: {
        parameters: (n) => n ** (constants[OMEGA] - constants[3]),
        tokens: (d) => d ** (constants[4] - constants[ETA]),
        exponentBits: (e) => (e + 0.5) ** -constants[6],
        mantissaBits: (m) => (m + 0.5) ** -constants[7],
      },
    },
  ],
  derived: [...chinchillaDerived, exponentShare],
};
