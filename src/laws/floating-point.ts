import {usageError} from "../errors.js";
import {chinchillaConstants, chinchillaDerived, chinchillaTerms} from "./chinchilla.js";
import {coefficient, exponent, floor} from "./constants.js";
import type {Derived, Law} from "./law.js";
import {sun2025} from "./source.js";

/** log2 of the block size that a scale for each channel amounts to, as published. */
const channelLogBlockSize = 13.1567;

/** The block size that a scale for each channel amounts to, as published: 2^13.1567. */
export const channelBlockSize = 2 ** channelLogBlockSize;

/**
 * The block size for what people write: a number of elements or "channel".
 * @throws a usage error for anything else; for "tensor", whose constants ω, ξ and η are not published
 */
export function blockSizeOf(text: string): number {
  if (text === "channel") return channelBlockSize;
  if (text === "tensor") {
    throw usageError(
      'block size "tensor": log2 B = N^ω/(ξ·D^η) is published without its constants; fit floating-point-tensor, or give a number',
    );
  }
  const size = Number(text);
  if (text.trim() !== "" && size >= 1) return size;
  throw usageError(`block size "${text}": a number of elements from 1, or "channel"`);
}

const [n, d] = [coefficient("n", "n", "coefficient of N^-α"), coefficient("d", "d", "coefficient of D^-β")];
const [, , , alpha, beta] = chinchillaConstants;
const gamma = {...coefficient("gamma", "γ", "scale of the rounding"), linear: false, starts: [1e2, 1e4]};

/** n, d, ε, α, β, γ, δ, ν. */
export const floatingPointConstants = [
  n,
  d,
  floor("epsilon", "ε"),
  alpha,
  beta,
  gamma,
  {...exponent("delta", "δ", "exponent of E + ½"), upper: 12, starts: [1, 3]},
  {...exponent("nu", "ν", "exponent of M + ½"), upper: 12, starts: [1, 3]},
] as const;

/** N, D and formats that the published constants were fitted on. */
export const sunDomain = {
  parameters: [40_894_464, 679_477_248],
  tokens: [10_485_760_000, 104_857_600_000],
  exponentBits: [0, 6],
  mantissaBits: [1, 7],
} as const;

export const sunValues = {
  n: 69.2343,
  d: 68973.0621,
  epsilon: 1.9061,
  alpha: 0.2368,
  beta: 0.5162,
  gamma: 11334.5197,
  delta: 3.1926,
  nu: 2.9543,
};

export const exponentShare: Derived = {
  name: "exponentShare",
  symbol: "δ/(δ+ν)",
  meaning: "share of the bits that the best layout gives the exponent",
  of: (constants) => constants[6] / (constants[6] + constants[7]),
};

export const floatingPoint: Law = {
  name: "floating-point",
  title: "Floating-point law",
  formula: "L = n/N^α + d/D^β + ε + (D^β/N^α)·log2(B)/(γ·(E+½)^δ·(M+½)^ν)",
  tex: String.raw`L = \frac{n}{N^\alpha} + \frac{d}{D^\beta} + \epsilon + \frac{D^\beta}{N^\alpha} \frac{\log_2 B}{\gamma (E + \tfrac12)^\delta (M + \tfrac12)^\nu}`,
  source: {...sun2025, where: "section 3"},
  own: false,
  variables: ["parameters", "tokens", "exponentBits", "mantissaBits", "blockSize"],
  constants: floatingPointConstants,
  published: [
    {
      name: "Sun",
      values: sunValues,
      domain: {...sunDomain, blockSize: [32, channelBlockSize]},
      source: sun2025,
      note: "A scale for each channel counts as log2 B = 13.1567. One for each tensor has no published constants.",
    },
  ],
  evaluate(constants, inputs, gradient) {
    const [n, d, epsilon, alpha, beta] = [
      constants[0],
      constants[1],
      constants[2],
      constants[3],
      constants[4],
    ];
    const [logN, logD] = [Math.log(inputs[0]), Math.log(inputs[1])];
    const [logExponent, logMantissa] = [Math.log(inputs[2] + 0.5), Math.log(inputs[3] + 0.5)];
    const size = Math.exp(-alpha * logN);
    const data = Math.exp(-beta * logD);
    const layout = Math.exp(-constants[6] * logExponent - constants[7] * logMantissa);
    const rounding = ((size / data) * Math.log2(inputs[4]) * layout) / constants[5];
    if (gradient) {
      gradient[0] = size;
      gradient[1] = data;
      gradient[2] = 1;
      gradient[3] = -(n * size + rounding) * logN;
      gradient[4] = (rounding - d * data) * logD;
      gradient[5] = -rounding / constants[5];
      gradient[6] = rounding === 0 ? 0 : -rounding * logExponent;
      gradient[7] = rounding === 0 ? 0 : -rounding * logMantissa;
    }
    return n * size + d * data + epsilon + rounding;
  },
  terms: (constants) => [
    ...chinchillaTerms(constants),
    {
      title: "rounding",
      coefficient: 1 / constants[5],
      factors: {
        parameters: (n) => n ** -constants[3],
        tokens: (d) => d ** constants[4],
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
      symbol: "α/(2β)",
      meaning: "exponent of N in the number of tokens beyond which more hurt",
      of: (constants) => constants[3] / (2 * constants[4]),
    },
  ],
};
