import {type ConstantValues, inputsOf, type Law} from "./law.js";
import {minimise} from "./solve.js";
import type {Point} from "./variables.js";

/**
 * The number of tokens beyond which more of them raise the loss, numerically, between `from` and `to`: Infinity where
 * more always help, NaN where the law has no value.
 *
 * @param constants in the law's order
 * @param point the other variables
 */
export function criticalTokens(
  law: Law,
  constants: ArrayLike<number>,
  point: Point,
  {from = 1, to = 1e24}: {readonly from?: number; readonly to?: number} = {},
): number {
  const inputs = inputsOf(law, {...point, tokens: from});
  const tokensAt = law.variables.indexOf("tokens");
  const {at} = minimise(
    (logD) => {
      inputs[tokensAt] = Math.exp(logD);
      return law.evaluate(constants, inputs);
    },
    Math.log(from),
    Math.log(to),
    400,
  );
  return at > Math.log(to) - 1e-6 ? Number.POSITIVE_INFINITY : Math.exp(at);
}

/**
 * Critical tokens of a model trained in 16 bits whose weights are rounded afterwards (Kumar et al., section 3):
 * (β·B·N^γ_N·exp(P_post/γ_post - b)/(γ_D·C_T))^(1/(γ_D+β)). The printed form is that with b = 0.
 */
export function criticalTokensAfterTraining(
  {B, beta, C_T, gamma_D, gamma_N, gamma_post, b = 0}: ConstantValues,
  {parameters, postTrainingBits}: {readonly parameters: number; readonly postTrainingBits: number},
): number {
  const ratio =
    (beta * B * parameters ** gamma_N * Math.exp(postTrainingBits / gamma_post - b)) / (gamma_D * C_T);
  return ratio ** (1 / (gamma_D + beta));
}

/**
 * Critical tokens of training in floating point (Sun et al., section 4):
 * (d·γ·N^α·(E+½)^δ·(M+½)^ν/log2 B)^(1/(2β)).
 */
export function criticalTokensInTraining(
  {d, gamma, alpha, beta, delta, nu}: ConstantValues,
  {
    parameters,
    exponentBits,
    mantissaBits,
    blockSize,
  }: Required<Pick<Point, "parameters" | "exponentBits" | "mantissaBits" | "blockSize">>,
): number {
  const worth = (exponentBits + 0.5) ** delta * (mantissaBits + 0.5) ** nu;
  return ((d * gamma * parameters ** alpha * worth) / Math.log2(blockSize)) ** (1 / (2 * beta));
}
