import {withBits} from "./bits.js";
import {computeFactor} from "./budgets.js";
import {type ConstantValues, inputsOf, type Law} from "./law.js";
import {minimise, rootOf} from "./solve.js";
import type {Point} from "./variables.js";

export interface Allocation {
  readonly parameters: number;
  readonly tokens: number;
  /** P of all that the law rounds in training. */
  readonly bits: number;
}

export interface AllocationQuestion {
  /** C in C = (6/16)·N·D·P. */
  readonly compute: number;
  /** What is given of N, D and P; the rest is free. */
  readonly parameters?: number;
  readonly tokens?: number;
  readonly bits?: number;
  /** Other variables, such as blockSize and postTrainingBits. */
  readonly rest?: Point;
  /** P that may be chosen, 1 to 32 unless given. */
  readonly bitsRange?: readonly [number, number];
}

/**
 * The N, D and P of smallest loss at a budget of compute C = (6/16)·N·D·P, numerically. NaN where the law has no value
 * anywhere. A law that rounds nothing wants the fewest bits.
 *
 * @param constants in the law's order
 */
export function computeOptimal(
  law: Law,
  constants: ArrayLike<number>,
  question: AllocationQuestion,
): Allocation & {readonly loss: number} {
  const {compute, parameters, tokens, rest = {}, bitsRange = [1, 32]} = question;
  const [ofParameters, ofTokens] = [law.variables.indexOf("parameters"), law.variables.indexOf("tokens")];
  const bestFor = (bits: number): Allocation & {readonly loss: number} => {
    const product = compute / (computeFactor * bits);
    const inputs = inputsOf(law, withBits(law, constants, {...rest, parameters: 1, tokens: 1}, bits));
    const lossOf = (parameters: number) => {
      if (ofParameters >= 0) inputs[ofParameters] = parameters;
      if (ofTokens >= 0) inputs[ofTokens] = product / parameters;
      return law.evaluate(constants, inputs);
    };
    const given = parameters ?? (tokens && product / tokens);
    const best = given ?? Math.exp(minimise((logN) => lossOf(Math.exp(logN)), 0, Math.log(product)).at);
    return {parameters: best, tokens: product / best, bits, loss: lossOf(best)};
  };
  if (question.bits !== undefined) return bestFor(question.bits);
  if (parameters !== undefined && tokens !== undefined) {
    return bestFor(compute / (computeFactor * parameters * tokens));
  }
  return bestFor(minimise((bits) => bestFor(bits).loss, ...bitsRange).at);
}

/**
 * The best N and D of A/(N·share)^α + B/D^β + E at fixed P (Hoffmann et al., equation 4, with N_eff = N·share as in
 * Kumar et al., section 4.3): closed form. `bits` 16 is C = 6·N·D.
 */
export function chinchillaOptimal(
  {A, B, alpha, beta}: ConstantValues,
  {
    compute,
    bits = 16,
    share = 1,
  }: {readonly compute: number; readonly bits?: number; readonly share?: number},
): Allocation {
  const product = compute / (computeFactor * bits);
  const sum = alpha + beta;
  const parameters = ((alpha * A * share ** -alpha) / (beta * B)) ** (1 / sum) * product ** (beta / sum);
  return {parameters, tokens: product / parameters, bits};
}

/**
 * The P at which, for a model of N parameters, trading bits for tokens at constant D·P gains nothing any more (Kumar et
 * al., section 4.3, fixed N): α·A·(N·f)^-α·f′/f = β·B·D^-β/P, with f the share of the parameters that P bits leave.
 * By bisection; NaN where no P up to 64 solves it.
 */
export function bitsAtFixedParameters(
  {A, B, alpha, beta}: ConstantValues,
  share: (bits: number) => number,
  {parameters, tokens}: {readonly parameters: number; readonly tokens: number},
): number {
  const step = 1e-5;
  // More bits are worth it where this is positive. A share that is not there would take any number of bits.
  const gain = (bits: number): number => {
    const [below, here, above] = [share(bits - step), share(bits), share(bits + step)];
    if (Number.isNaN(below)) return 1;
    const steepness = Math.log(above / below) / (2 * step);
    return alpha * A * (parameters * here) ** -alpha * steepness * bits - beta * B * tokens ** -beta;
  };
  return rootOf(gain, 0.01, 64);
}
