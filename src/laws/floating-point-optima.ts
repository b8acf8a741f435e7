import {computeFactor} from "./budgets.js";
import type {Allocation} from "./compute-optimal.js";
import type {ConstantValues} from "./law.js";

/** What the floating-point law's constants combine to where P bits are split in the best way (Sun et al., section 4). */
export interface Combined {
  /** γ_ρ in D^β/N^α·log2(B)/(γ_ρ·P^(δ+ν)). */
  readonly gammaRho: number;
  /** γ_n = n·γ_ρ, of N_eff. */
  readonly gammaN: number;
  /** Of P^(δ+ν) = γ_D·D^β·log2 B at fixed D. */
  readonly gammaFixedTokens: number;
  /** Of P^(δ+ν+2β) = γ_N·(C/k)^(2β)·N^-(α+2β)·log2 B at fixed N. */
  readonly gammaFixedParameters: number;
  /** Of the joint optimum. */
  readonly lambda: number;
}

export function combine({n, d, alpha, beta, gamma, delta, nu}: ConstantValues): Combined {
  const sum = delta + nu;
  const gammaRho = (gamma * delta ** delta * nu ** nu) / sum ** sum;
  return {
    gammaRho,
    gammaN: n * gammaRho,
    gammaFixedTokens: (sum - alpha) / (n * alpha * gammaRho),
    gammaFixedParameters: (beta + sum) / (d * beta * gammaRho),
    lambda: ((d * beta) / (n * alpha)) * ((sum - alpha) / (sum + beta)),
  };
}

/** Best P where D is given and N·P is what compute leaves: the same for every amount of compute. */
export function bitsForTokens(
  values: ConstantValues,
  {tokens, blockSize}: {readonly tokens: number; readonly blockSize: number},
): number {
  const {beta, delta, nu} = values;
  return (combine(values).gammaFixedTokens * tokens ** beta * Math.log2(blockSize)) ** (1 / (delta + nu));
}

/** Best P where N is given and D·P is what compute leaves. */
export function bitsForParameters(
  values: ConstantValues,
  {parameters, compute, blockSize}: Readonly<Record<"parameters" | "compute" | "blockSize", number>>,
): number {
  const {alpha, beta, delta, nu} = values;
  const product = (compute / computeFactor) ** (2 * beta) * parameters ** -(alpha + 2 * beta);
  const power = combine(values).gammaFixedParameters * product * Math.log2(blockSize);
  return power ** (1 / (delta + nu + 2 * beta));
}

/** Best N, D and P at a budget of compute, all three free. */
export function floatingPointOptimal(
  values: ConstantValues,
  {compute, blockSize}: {readonly compute: number; readonly blockSize: number},
): Allocation {
  const {alpha, beta, delta, nu} = values;
  const {lambda, gammaFixedTokens} = combine(values);
  const ratio = (alpha + beta) / beta;
  const ofBlocks = gammaFixedTokens * Math.log2(blockSize);
  const power = lambda * ofBlocks ** ratio * (compute / computeFactor) ** alpha;
  const bits = power ** (1 / ((delta + nu) * ratio + alpha));
  const tokens = (bits ** (delta + nu) / ofBlocks) ** (1 / beta);
  return {parameters: compute / (computeFactor * tokens * bits), tokens, bits};
}
