import {withBits} from "./bits.js";
import type {Allocation} from "./compute-optimal.js";
import {inputsOf, type Law} from "./law.js";
import {minimise} from "./solve.js";
import type {Point} from "./variables.js";

export interface InferenceQuestion {
  /** N·P, the bits of all weights that a token reads. */
  readonly cost: number;
  /** Given tokens; otherwise as many as are best, which is a finite number where rounding has a critical one. */
  readonly tokens?: number;
  readonly rest?: Point;
  readonly bitsRange?: readonly [number, number];
  readonly tokensRange?: readonly [number, number];
}

/**
 * The N, P and, unless given, D of smallest loss where serving may cost N·P (Kumar et al., section 3 and figure 9),
 * numerically. P is that of the weights after training where the law has it, otherwise that of training.
 *
 * @param constants in the law's order
 */
export function inferenceOptimal(
  law: Law,
  constants: ArrayLike<number>,
  {cost, tokens, rest = {}, bitsRange = [1, 16], tokensRange = [1e6, 1e18]}: InferenceQuestion,
): Allocation & {readonly loss: number} {
  const isRoundedAfter = law.variables.includes("postTrainingBits");
  const ofTokens = law.variables.indexOf("tokens");
  const bestFor = (bits: number): Allocation & {readonly loss: number} => {
    const served = {...rest, parameters: cost / bits, tokens: 1};
    const point = isRoundedAfter
      ? {...served, postTrainingBits: bits}
      : withBits(law, constants, served, bits);
    const inputs = inputsOf(law, point);
    const lossOf = (logTokens: number) => {
      if (ofTokens >= 0) inputs[ofTokens] = Math.exp(logTokens);
      return law.evaluate(constants, inputs);
    };
    const [from, to] = tokensRange.map(Math.log);
    const logTokens = tokens === undefined ? minimise(lossOf, from, to).at : Math.log(tokens);
    return {parameters: cost / bits, tokens: Math.exp(logTokens), bits, loss: lossOf(logTokens)};
  };
  return bestFor(minimise((bits) => bestFor(bits).loss, ...bitsRange).at);
}
